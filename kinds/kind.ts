import type { Access } from "./access.ts";
import type { ExposureRow } from "./exposure-row.ts";
import type { Failure, Finding } from "./failure.ts";
import type { Policy } from "./policy.ts";
import type { Rule } from "./rule.ts";
import type { Shape } from "./shape.ts";

/** Inputs of any shape, by property name: not checked yet, or checked already where the text says so. */
export type Properties = Record<string, unknown>;

/**
 * One input of a kind: the row that everything else is made from. Property names and their suggestions, the resource class, the
 * comparison, the manifest and its JSON Schema, report labels, import, export and documentation.
 */
export interface Property {
  /** CARTO's own label, so that a reviewer can compare with CARTO's form; of what CARTO does not have, ours. */
  label: string;
  shape: Shape;
  /** Unset: optional. */
  required?: true;
  /** The provider's own setting: it never reaches CARTO. */
  local?: true;
  /** What changing it does to the resource. */
  change: "updates" | "replaces" | "stays local";
  /** What leaving it out means, e.g. `the login URL`; absent where it is required. */
  unset?: string;
  /** One or two sentences, for the JSON Schema and the documentation. */
  description: string;
  /** What others call it: lower case, letters only, e.g. `redirecturis`. */
  otherNames?: readonly string[];
  /**
   * The value of an optional property that is left out, from the inputs as declared; undefined: none. An optional property that reaches
   * CARTO needs it: without, taking the property away would change nothing.
   */
  derive?(inputs: Properties, policy: Policy): unknown;
}

/** One output of a kind: a text that CARTO sets. */
export interface Output {
  description: string;
  /** It is the resource's ID; the state holds it once. */
  id?: true;
  /** The input that it is made from: a Pulumi secret where that one may be. */
  from?: string;
  /** A Pulumi secret. Where CARTO does not repeat it, the one in the state is kept. */
  secret?: true;
}

/** What a check takes besides the inputs. */
export interface CheckOptions {
  /** Policy of a resource that sets none itself. Unset: `"standard"`. */
  policy?: Policy;
  /** Whether a value is not known yet, and so is skipped, at any depth. Unset: Pulumi's mark for unknown values. */
  isUnknown?: (value: unknown) => boolean;
  /** Milliseconds since the epoch, for rules on the time; `"any"`: these rules are left out. Unset: the clock. */
  now?: number | "any";
}

/** All that the rules say about one resource's inputs. */
export interface Review {
  /** Rules broken: the resource cannot be created or changed like this. */
  failures: Failure[];
  /** Worth a reviewer's eye; refuses nothing. */
  advice: Finding[];
  /** What an `allow` entry exempts; `exemption` is its reason. */
  exempted: Finding[];
}

/** A kind of resource: what may be declared, and by which rules. */
export interface Kind {
  /** As in `kind: spa` of a manifest and `pulumi-carto/spa`. */
  id: string;
  /** The class that declares it, and the last part of the engine's type. */
  className: string;
  /** How sentences name one, e.g. `SPA OAuth client`. */
  title: string;
  /** How tables name it, e.g. `SPA`. */
  label: string;
  /** How messages name a single one, e.g. `OAuth client`. */
  noun: string;
  /** What happens when one is deleted, or replaced by a new one. */
  deletion: {
    /** What stops working, after "every", e.g. `user and service of that client ID`. */
    stops: string;
    /** The same before the ID, e.g. `user and service of`. */
    users: string;
    /** What a replacement begins with, as a sentence's beginning, e.g. `A new client ID and secret are made`. */
    made: string;
    /** How a sentence names one whose ID is unknown, e.g. `this client`. */
    unnamed: string;
    /** What a report of nothing but such losses begins with, after "Destructive:". Unset: that users are locked out. */
    verdict?: string;
    /** What has to be handed out after a replacement, e.g. `the new client ID and client secret`. */
    needs: string;
  };
  /** It is not a credential: whatever happens to one, who may log in is not changed. */
  keepsLogins?: true;
  /** By name, in the order of CARTO's form. */
  properties: Readonly<Record<string, Property>>;
  /** By name. */
  outputs: Readonly<Record<string, Output>>;
  rules: readonly Rule[];
  /** What new accesses are called, by rule ID: see {@link Kind.reach}. */
  exposures: Readonly<Record<string, ExposureRow>>;
  /** The least that can be declared: no rule has anything to say of it. */
  sample: Readonly<Properties>;
  /** As {@link Kind.review}, failures only: if advice is not shown, most of it need not be computed. */
  check(inputs: unknown, options?: CheckOptions): Failure[];
  /**
   * Failures, advice and exemptions of one resource's inputs.
   *
   * @param inputs of any shape: what is wrong with it is a failure, nothing throws
   */
  review(inputs: unknown, options?: CheckOptions): Review;
  /**
   * Who can do what through the inputs, so that a report can say who gains access. A kind that lets nobody do anything says
   * nothing.
   *
   * @param inputs of any shape; a value that is not known yet stands for an unknown party
   */
  reach(inputs: Readonly<Properties>): Access[];
}

/** A kind whose inputs and outputs have types. */
export interface KindOf<Inputs extends object, Outputs extends object> extends Kind {
  properties: Readonly<Record<string, Property>> & { readonly [Name in keyof Inputs]-?: Property };
  outputs: Readonly<Record<string, Output>> & { readonly [Name in keyof Outputs]-?: Output };
  sample: Readonly<Properties> & Readonly<Inputs>;
}
