import { defineConfig } from "vitest/config";

/** A project per kind of part a test needs: none, a server, the engine, a browser. */
const project = (name: string, timeoutSeconds: number) => ({
  test: {
    name,
    include: [`test/**/*.${name}.test.ts`],
    testTimeout: timeoutSeconds * 1000,
    hookTimeout: timeoutSeconds * 1000,
  },
});

export default defineConfig({
  test: {
    // .ci/run adds up the counts from the file.
    reporters: ["default", ["json", { outputFile: ".pulumi-carto/test-results.json" }]],
    projects: [project("unit", 20), project("emulator", 60), project("engine", 300), project("browser", 120)],
  },
});
