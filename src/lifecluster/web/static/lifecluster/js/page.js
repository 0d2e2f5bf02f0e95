// The small module of every page. Everything works without it; it saves a jump or a page load.
import { startEvidence } from "./evidence.js";

document.documentElement.classList.add("js");
startEvidence(document);
