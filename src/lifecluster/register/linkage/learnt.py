"""Where what was learnt from judgements is kept: the layer of the next builds, and what the last training came to.

Two files of a folder (`Workspace.learnt`): `training.json` always, `layer.json` only where the training was accepted. A
training that is not accepted takes the layer of one before away: it no longer holds on the judgements of today.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecluster.errors import InputError
from lifecluster.register.linkage.layer import Layer, read_layer

if TYPE_CHECKING:
    from lifecluster.register.linkage.learning import Training

LAYER, TRAINING = "layer.json", "training.json"
AGAIN = "`lifecluster judge train` makes it anew"


def told(training: Training, at: str) -> dict[str, Any]:
    """A training as JSON: what `training.json` and `lifecluster judge train --json` say. `at`: ISO date-time."""
    pair = {"before": training.before, "after": training.after}
    measured = {
        name: None if one is None else {"log_loss": one.log_loss, "brier": one.brier, "f1": one.f1}
        for name, one in pair.items()
    }
    return {
        "at": at, "model": training.model, "judgements": len(training.learnt), "same": training.same,
        "accepted": training.layer is not None, "why": training.why, **measured,
        "gain": training.gain and list(training.gain), "order": training.order and list(training.order),
        "layer": training.layer and training.layer.digest, "learnt": list(training.learnt),
    }  # fmt: skip


def keep(folder: Path, training: Training, at: str) -> dict[str, Any]:
    """Write what a training came to; returns it as `told` does."""
    folder.mkdir(parents=True, exist_ok=True)
    said = told(training, at)
    if training.layer is None:
        (folder / LAYER).unlink(missing_ok=True)
    else:
        _write(folder / LAYER, training.layer.text())
    _write(folder / TRAINING, json.dumps(said, indent=1, sort_keys=True) + "\n")
    return said


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, "utf-8")
    draft.replace(path)


def last(folder: Path) -> Mapping[str, Any] | None:
    """What the last training came to; None where there was none. Raises InputError for a damaged file."""
    path = folder / TRAINING
    if not path.is_file():
        return None
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        missing = {"judgements", "accepted", "why", "learnt"} - found.keys()
    except (ValueError, AttributeError) as error:
        raise InputError(f"is damaged ({error}); {AGAIN}", file=TRAINING) from error
    if missing:
        raise InputError(f"lacks {', '.join(sorted(missing))}; {AGAIN}", file=TRAINING)
    return found


def layer_for(folder: Path, model: str) -> Layer | None:
    """The layer that builds with the scorer of version `model` use; None where there is none, or one for another."""
    layer = read_layer(folder / LAYER)
    return layer if layer is not None and layer.model == model else None
