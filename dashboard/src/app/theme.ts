// Decides which theme is shown: light, dark, or the system's. The choice is kept in this browser.

export type Theme = "system" | "light" | "dark";
const STORED = "ordercast.theme";
const ORDER: readonly Theme[] = ["system", "light", "dark"];

export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

export function chooseTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(STORED, theme);
  } catch {
    // Storage is off: the choice lasts until the page is left.
  }
}

export function nextTheme(theme: Theme): Theme {
  return ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length] ?? "system";
}
