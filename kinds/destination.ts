/** Where `up` writes the credentials of a client. */
export type Destination =
  | { to: "dotenv" | "json"; file: string }
  | { to: "kubernetes"; file: string; name: string; namespace?: string | undefined }
  | { to: "command"; run: string[] }
  | { to: "github"; repository: string; secret: string; environment?: string | undefined };

/** Ending of a file by what is written to it: a delivery overwrites nothing of another kind. */
const FILES = {
  dotenv: { pattern: /(^|\.)env(\.[\w-]+)?$/, example: "secrets/web.env" },
  json: { pattern: /\.json$/, example: "secrets/web.json" },
  kubernetes: { pattern: /\.ya?ml$/, example: "secrets/web-secret.yaml" },
};

/** Files that other tools run by, in any folder. */
const OTHERS = /^(pulumi(\..*)?\.ya?ml|package(-lock)?\.json|tsconfig.*\.json|clients\.ya?ml|.*compose.*\.ya?ml)$/i;

/** Why nothing can be delivered there; undefined if it can, according to the declaration. */
export function destinationProblem(destination: Destination): string | undefined {
  switch (destination.to) {
    case "command":
      return destination.run.length === 0 ? "run is empty: give the program and its arguments" : undefined;
    case "github":
      if (!/^[\w.-]+\/[\w.-]+$/.test(destination.repository)) return "repository must be OWNER/NAME";
      return /^[A-Za-z_]\w*$/.test(destination.secret)
        ? undefined
        : "secret must be a name of letters, digits and underscores";
    default:
      return fileProblem(destination.to, destination.file);
  }
}

function fileProblem(to: keyof typeof FILES, file: string): string | undefined {
  const { pattern, example } = FILES[to];
  const parts = file.split("/");
  const name = parts.pop() ?? "";
  const leaves = /^([\\/~]|[A-Za-z]:)|[\\\0]/.test(file) || parts.includes("..") || name === "..";
  if (leaves) return `file must stay below the manifest's folder, for example "${example}"`;
  if (parts.some((part) => part.startsWith(".") && part !== ".")) return "file must not be in a hidden folder";
  if (!pattern.test(name) || OTHERS.test(name)) return `file must be a dedicated ${to} file, for example "${example}"`;
  return undefined;
}

/** The same for a declaration of any shape: what cannot be read still counts as a delivery. */
export function deliveryTexts(deliver: unknown): string[] {
  if (!Array.isArray(deliver)) return ["a place that cannot be read"];
  return deliver.map((one) => {
    try {
      return destinationText(one);
    } catch {
      return "a place that cannot be read";
    }
  });
}

/** For people: what a delivery does, without any secret. */
export function destinationText(destination: Destination): string {
  switch (destination.to) {
    case "command":
      return `the stdin of \`${commandOf(destination).join(" ")}\``;
    case "github": {
      const { repository, secret, environment } = destination;
      return `the GitHub Actions secret ${secret} of ${repository}${environment === undefined ? "" : ` (environment ${environment})`}`;
    }
    case "kubernetes":
      return `the Kubernetes Secret file ${destination.file}`;
    default:
      return `the ${destination.to} file ${destination.file}`;
  }
}

/** The program and its arguments; none of them is a secret. */
export function commandOf(destination: Extract<Destination, { to: "command" | "github" }>): string[] {
  if (destination.to === "command") return destination.run;
  const { repository, secret, environment } = destination;
  return [
    "gh",
    "secret",
    "set",
    secret,
    "--repo",
    repository,
    ...(environment === undefined ? [] : ["--env", environment]),
  ];
}
