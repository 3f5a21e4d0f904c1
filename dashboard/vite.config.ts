import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Everything the page loads comes from its own origin as a file: no data: addresses, no inline script or style,
// so that `default-src 'self'` holds.
export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    chunkSizeWarningLimit: 400,
  },
  server: {
    proxy: {
      "/api": { target: process.env.ORDERCAST_URL ?? "http://127.0.0.1:8080" },
      "/version": { target: process.env.ORDERCAST_URL ?? "http://127.0.0.1:8080" },
      "/socket.io": { target: process.env.ORDERCAST_URL ?? "http://127.0.0.1:8080", ws: true },
    },
  },
  test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx"], environment: "node" },
});
