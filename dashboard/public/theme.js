// Runs before the first paint, as a file of its own because the content policy allows no inline script.
try {
  const choice = localStorage.getItem("ordercast.theme");
  if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
} catch {
  // Storage is off: the system's theme applies.
}
