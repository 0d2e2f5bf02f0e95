"""The atlas in the web app: where organisations cluster, beside what chance would give."""
