import type { Declaration, Kill } from "./schedule.ts";

/** A client, token or application as the state of a stack has it. */
export interface StateClient {
  logicalName: string;
  /** Its ID; of a token the fingerprint. */
  clientId: string;
  /** Or the token itself; an application has none. */
  clientSecret: string | undefined;
}

/** A stack that keeps clients as declared, despite all faults. */
export interface Stack extends AsyncDisposable {
  /** @returns whether a process was killed, and whether all went well */
  operate(
    operation: "up" | "destroy",
    declared: Declaration,
    kill: Kill | undefined,
  ): Promise<{ killed: boolean; succeeded: boolean }>;
  /**
   * What a user does next: `up`, after a failed destroy `up --refresh`, since the state may have clients that are gone.
   *
   * @throws Error When it fails.
   */
  recover(declared: Declaration, refresh: boolean): Promise<void>;
  clients(): Promise<StateClient[]>;
}
