import type { DeploymentOptions } from "./deployment-options.ts";
import { lastPart } from "./stack-name.ts";
import type { CliWorkspace } from "./stack-state.ts";
import { WorkDirectory } from "./work-directory.ts";

/** What the CLI needs to work on the stack of an environment. Pulumi's SDK, which takes long to load, is not needed for it. */
export interface OpenCliWorkspace extends CliWorkspace, AsyncDisposable {
  directory: WorkDirectory;
}

/** Makes a directory for the CLI to work in. */
export async function openCliWorkspace(options: DeploymentOptions): Promise<OpenCliWorkspace> {
  const { project, environment, engine, settingsDirectory, variables } = options;
  const { backend, secretsProvider, stack } = environment;
  const pulumiHome = variables?.PULUMI_HOME ?? process.env.PULUMI_HOME;
  const stackName = lastPart(stack);
  const directory = await WorkDirectory.create({ project, stackName, settingsDirectory, secretsProvider, pulumiHome });
  return {
    directory,
    pulumiCommand: { command: engine.pulumi },
    workDir: directory.path,
    envVars: {
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // Settings without a key: otherwise each run makes one of its own, and none can read what another wrote into a plan.
      PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
      ...variables,
      // Not in the project's settings: the common PULUMI_BACKEND_URL would win, and a password would stand in a file.
      ...(backend !== undefined && { PULUMI_BACKEND_URL: backend }),
    },
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}
