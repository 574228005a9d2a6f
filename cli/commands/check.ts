import { visibleJson } from "../../kinds/visible-text.ts";
import { formatFailure, type ManifestFailure, type ManifestFinding } from "../../manifest/failure.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { type SelectionOptions, selectEnvironments } from "../context/selection.ts";

/** Without `env` and `stack` every environment of a file is checked. */
export interface CheckOptions extends SelectionOptions {
  json?: boolean;
  /** Whether tokens that expire soon have an exit code of their own. */
  exitCode?: boolean;
}

/** The documented shape of `check --json`. */
interface CheckReport {
  version: 1;
  command: "check";
  ok: boolean;
  files: {
    file: string;
    environments: { name: string; stack: string; clients: number }[];
    failures: ManifestFailure[];
    /** Advice; those with an `exemption` are exempted. */
    findings: ManifestFinding[];
  }[];
}

/** Checks manifests offline: no engine, no credentials, no network. */
export async function check(files: string[], options: CheckOptions): Promise<ExitCode> {
  const report: CheckReport = { version: 1, command: "check", ok: true, files: [] };
  for (const file of files.length > 0 ? files : ["clients.yaml"]) {
    const { selection, failures } = await selectEnvironments(file, options);
    const environments = selection?.environments ?? [];
    report.files.push({
      file,
      environments: environments.map(({ name, stack, clients }) => ({ name, stack, clients: clients.length })),
      failures,
      findings: selection?.findings ?? [],
    });
  }
  report.ok = report.files.every(({ failures }) => failures.length === 0);
  process.stdout.write(options.json ? visibleJson(report, 0) : describe(report));
  if (!report.ok) return EXIT.invalid;
  // An exemption says that the advice is known, not that the token lasts.
  const expiring = report.files.some(({ findings }) => findings.some(({ rule }) => rule === "expires-soon"));
  return options.exitCode && expiring ? EXIT.expiring : EXIT.done;
}

function describe(report: CheckReport): string {
  return report.files
    .map(({ file, environments, failures, findings }) => {
      const advice = findings.filter(({ exemption }) => exemption === undefined);
      const lines = [...failures.map(formatFailure), ...advice.map((finding) => `advice: ${formatFailure(finding)}`)];
      if (failures.length === 0) {
        const counts = environments.map(({ name, clients }) => `${name} ${clients}`).join(", ");
        return `${[...lines, `${file}: ok (clients: ${counts})`].join("\n")}\n`;
      }
      return `${lines.join("\n")}\n${file}: ${failures.length} ${failures.length === 1 ? "failure" : "failures"}\n`;
    })
    .join("");
}
