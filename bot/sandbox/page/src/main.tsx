import { render } from "preact";
import { App } from "./App";

const root = document.getElementById("page");
if (root) render(<App />, root);
