import { Agent } from "undici";
import { resolveConfiguration } from "../../carto/configuration.ts";
import { Tenant } from "../../carto/tenant.ts";
import { type Emulator, type EmulatorOptions, type Identity, startEmulator } from "../../emulator/index.ts";
import { KINDS } from "../../kinds/index.ts";
import { type CheckedInputs, canonicalInputs } from "../../kinds/inputs.ts";
import type { Engine, StateResource } from "../../provider/engine.ts";
import { KnownClients } from "../../provider/known-clients.ts";
import { Lifecycle } from "../../provider/lifecycle.ts";
import { StackClients } from "../../provider/stack-clients.ts";

export const CLIENTS = "/workspace-api/credentials/oauth-clients";
const LOGIN = "https://app.example.com/login";

/** Checked inputs of a SPA OAuth client. */
export const spaInputs = (news: object = {}): CheckedInputs =>
  canonicalInputs(
    KINDS.spa,
    { name: "Web", applicationLoginUrl: LOGIN, __key: "key-of-web", ...news },
    "standard",
  ) as CheckedInputs;

/** An engine that runs, and whose state has these clients. */
export const engineWith = (clients: Partial<StateResource>[] = [], own: Partial<Engine> = {}): Engine => ({
  isAlive: () => true,
  replacesOnRequest: () => false,
  plannedInputs: () => undefined,
  readState: async () => ({
    resources: clients.map((client) => ({ urn: "urn:pulumi:dev::maps::type::web", ...client })),
  }),
  ...own,
});

/** An emulator, and lifecycles on it as separate provider processes would have them. */
export class LifecycleFixture implements AsyncDisposable {
  readonly emulator: Emulator;
  readonly warnings: string[] = [];
  readonly #tenants: Tenant[] = [];

  constructor(emulator: Emulator) {
    this.emulator = emulator;
  }

  static async start(options?: EmulatorOptions): Promise<LifecycleFixture> {
    return new LifecycleFixture(await startEmulator(options));
  }

  /** What a new provider process has: it knows nothing yet. */
  process(
    options: {
      identity?: Identity;
      settings?: Record<string, string>;
      known?: KnownClients;
      engine?: Engine;
      bodyTimeoutMs?: number;
    } = {},
  ): Lifecycle {
    const {
      identity = "admin",
      settings = {},
      known = new KnownClients(),
      engine = engineWith(),
      bodyTimeoutMs,
    } = options;
    const configuration = resolveConfiguration((setting) => settings[setting], this.emulator.envFor(identity));
    const dispatcher = bodyTimeoutMs === undefined ? undefined : new Agent({ bodyTimeout: bodyTimeoutMs });
    const tenant = new Tenant(configuration, {
      isWanted: () => engine.isAlive(),
      ...(dispatcher && { dispatcher }),
    });
    this.#tenants.push(tenant);
    const warn = (warning: string) => this.warnings.push(warning);
    return new Lifecycle({ tenant, known, engine, stackClients: new StackClients(engine), warn });
  }

  /** For calls that no lifecycle makes. */
  tenant(identity: Identity = "admin"): Tenant {
    const tenant = new Tenant(resolveConfiguration(() => undefined, this.emulator.envFor(identity)));
    this.#tenants.push(tenant);
    return tenant;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#tenants.map((tenant) => tenant.close()));
    await this.emulator.close();
  }
}
