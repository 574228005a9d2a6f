import { withoutCredentials } from "../kinds/url/credentials.ts";

/** Who ran a command, according to the pipeline or Git: a record, not a proof. */
export interface Actor {
  /** Login, e-mail address or name. */
  name: string;
  /** Where the name comes from: a CI system, git's configuration, or the operating system's user. */
  source: string;
  /** Address or number of the pipeline run; absent outside CI. */
  run?: string;
  /** Commit that was checked out; absent if unknown. */
  commit?: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

interface CiSystem {
  source: string;
  /** Set in every job of the system, and only there. */
  sign: string;
  /** The first that is set counts. */
  name: string[];
  run: (variables: Variables) => string | undefined;
  commit: string;
}

const runUrl = (variables: Variables): string | undefined =>
  variables.GITHUB_RUN_ID &&
  `${variables.GITHUB_SERVER_URL}/${variables.GITHUB_REPOSITORY}/actions/runs/${variables.GITHUB_RUN_ID}`;

/** The variables that each system documents for its jobs. */
const CI_SYSTEMS: readonly CiSystem[] = [
  {
    source: "GitHub Actions",
    sign: "GITHUB_ACTIONS",
    name: ["GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR"],
    run: runUrl,
    commit: "GITHUB_SHA",
  },
  {
    source: "GitLab CI",
    sign: "GITLAB_CI",
    name: ["GITLAB_USER_LOGIN", "GITLAB_USER_EMAIL"],
    run: (v) => v.CI_JOB_URL,
    commit: "CI_COMMIT_SHA",
  },
  {
    source: "Azure Pipelines",
    sign: "TF_BUILD",
    name: ["BUILD_REQUESTEDFOREMAIL", "BUILD_REQUESTEDFOR"],
    run: (v) => v.BUILD_BUILDID,
    commit: "BUILD_SOURCEVERSION",
  },
  {
    source: "Bitbucket Pipelines",
    sign: "BITBUCKET_BUILD_NUMBER",
    name: ["BITBUCKET_STEP_TRIGGERER_UUID"],
    run: (v) => v.BITBUCKET_BUILD_NUMBER,
    commit: "BITBUCKET_COMMIT",
  },
  {
    source: "CircleCI",
    sign: "CIRCLECI",
    name: ["CIRCLE_USERNAME"],
    run: (v) => v.CIRCLE_BUILD_URL,
    commit: "CIRCLE_SHA1",
  },
  {
    source: "Buildkite",
    sign: "BUILDKITE",
    name: ["BUILDKITE_BUILD_CREATOR_EMAIL", "BUILDKITE_BUILD_CREATOR"],
    run: (v) => v.BUILDKITE_BUILD_URL,
    commit: "BUILDKITE_COMMIT",
  },
  {
    source: "Jenkins",
    sign: "JENKINS_URL",
    name: ["BUILD_USER_ID", "CHANGE_AUTHOR"],
    run: (v) => v.BUILD_URL,
    commit: "GIT_COMMIT",
  },
];

/** Who runs a CI job, by its variables; `undefined` outside the CI systems that are known. */
export function actorOfCi(variables: Variables): Actor | undefined {
  const system = CI_SYSTEMS.find(({ sign }) => variables[sign]);
  if (!system) return undefined;
  const name = system.name.map((variable) => variables[variable]).find(Boolean) ?? "unknown";
  const [run, commit] = [system.run(variables), variables[system.commit]];
  return { name, source: system.source, ...(run && { run: withoutCredentials(run) }), ...(commit && { commit }) };
}
