// Starts the page.

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.tsx";
import "./style/token.css";
import "./style/base.css";
import "./style/shell.css";
import "./style/component.css";
import "./style/page.css";
import "./style/reading.css";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
