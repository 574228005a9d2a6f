import { readProcessSettings } from "../context/process-settings.ts";

/** What is found of the machine, as `doctor` says it. */
export interface MachineCheck {
  subject: "node" | "diagnostics";
  ok: boolean;
  message: string;
}

const OLDEST_NODE = [22, 19] as const;

/** Checks whether this Node is new enough. */
export function nodeCheck(): MachineCheck {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const message = ok
    ? process.versions.node
    : `${process.versions.node}: install Node ${OLDEST_NODE.join(".")} or newer`;
  return { subject: "node", ok, message };
}

/** Settings under which the engine or Node write what they send and receive, secrets in plain; measured in docs/security.md. */
const TELLING = [
  "PULUMI_DEBUG_GRPC",
  "PULUMI_OPTION_VERBOSE",
  "PULUMI_OPTION_LOGTOSTDERR",
  "PULUMI_OPTION_TRACING",
  "NODE_DEBUG",
];

/** What is switched on that must not be. */
export function diagnosticsChecks(): MachineCheck[] {
  const { variables } = readProcessSettings();
  return TELLING.filter((name) => variables[name]).map((name) => ({
    subject: "diagnostics",
    ok: false,
    message: `${name} is set, and so secrets may be written in plain to a log: unset it (docs/security.md)`,
  }));
}
