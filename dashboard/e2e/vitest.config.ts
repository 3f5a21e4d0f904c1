import { defineConfig } from "vitest/config";

// One browser and one server, used one after another; a test waits for the market of the demo, so it may take its time.
export default defineConfig({
  test: {
    include: ["e2e/**/*.test.ts"],
    root: new URL("..", import.meta.url).pathname,
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 90_000,
    maxWorkers: 1,
  },
});
