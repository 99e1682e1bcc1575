import { defineConfig } from "vitest/config";
import ByName from "./test/support/sequencer.ts";

export default defineConfig({
  test: {
    sequence: { sequencer: ByName },
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/browser/**", "test/judges/**", "test/e2e/**", "test/replay/**"],
          env: { PROPERTY_RUNS: "400" },
          // Hundreds of random histories take seconds, several times as many on a busy machine.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "judges",
          include: ["test/judges/**/*.test.ts", "test/billing/properties.test.ts"],
          globalSetup: ["test/judges/support/setup.ts"],
          env: { PROPERTY_RUNS: "10000" },
          testTimeout: 900_000,
        },
      },
      {
        test: {
          name: "replay",
          include: ["test/replay/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/e2e/setup.ts"],
          // A reload takes its time on a busy machine.
          expect: { poll: { timeout: 15_000, interval: 100 } },
          testTimeout: 900_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
