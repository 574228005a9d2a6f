import type { Plan, Role } from "./client.ts";
import type { Store } from "./store.ts";

interface SeededUser {
  user_id: string;
  email: string;
  name: string;
  role: Role;
  organization_id: string;
  client_id: string;
  client_secret: string;
}

const ORGANIZATIONS: { organization_id: string; organization: string; plan: Plan }[] = [
  { organization_id: "ac_emulatorlarge", organization: "Emulator Large", plan: "enterprise_large" },
  { organization_id: "ac_emulatorsmall", organization: "Emulator Small", plan: "small" },
];

/**
 * The users of the emulator, each with a management M2M client whose credentials are fixed and public: for development only.
 *
 * The viewer's and the small plan's clients exist as after a demotion or a downgrade: they log in, but may not create (M2M) clients.
 */
const USERS = {
  admin: {
    user_id: "auth0|emulator-admin",
    email: "admin@large.example",
    name: "Admin (Emulator Large)",
    role: "admin",
    organization_id: "ac_emulatorlarge",
    client_id: "EmulatorManagementClientOfAdmin0",
    client_secret: "emulator-development-secret-of-the-admin-for-local-use-only-0000",
  },
  editor: {
    user_id: "auth0|emulator-editor",
    email: "editor@large.example",
    name: "Editor (Emulator Large)",
    role: "editor",
    organization_id: "ac_emulatorlarge",
    client_id: "EmulatorManagementClientOfEditor",
    client_secret: "emulator-development-secret-of-the-editor-for-local-use-only-000",
  },
  viewer: {
    user_id: "auth0|emulator-viewer",
    email: "viewer@large.example",
    name: "Viewer (Emulator Large)",
    role: "viewer",
    organization_id: "ac_emulatorlarge",
    client_id: "EmulatorManagementClientOfViewer",
    client_secret: "emulator-development-secret-of-the-viewer-for-local-use-only-000",
  },
  small: {
    user_id: "auth0|emulator-small",
    email: "admin@small.example",
    name: "Admin (Emulator Small)",
    role: "admin",
    organization_id: "ac_emulatorsmall",
    client_id: "EmulatorManagementClientOfSmall0",
    client_secret: "emulator-development-secret-of-the-small-plan-for-local-use-only",
  },
} satisfies Record<string, SeededUser>;

/** Who belongs to which group of Emulator Large; applications can be shared with a group. */
const GROUPS: Record<string, (keyof typeof USERS)[]> = {
  Analysts: ["admin", "editor"],
  "Field team": ["viewer"],
};

/** Who a program can be: `admin` and `editor` (Enterprise Large), `viewer` (may not create), `small` (M2M needs a larger plan). */
export type Identity = keyof typeof USERS;

/** The seeded identities, by name. */
export const IDENTITIES = Object.keys(USERS) as Identity[];

/** The user behind an identity. */
export function userIdOf(identity: Identity): string {
  return USERS[identity].user_id;
}

/** Inserts the seed data, and restores what was deleted of it. */
export function seed(store: Store, now: () => number): void {
  for (const { organization_id, organization, plan } of ORGANIZATIONS) {
    store.run("INSERT OR IGNORE INTO organizations VALUES (?, ?, ?)", organization_id, organization, plan);
  }
  for (const user of Object.values<SeededUser>(USERS)) {
    const { user_id, email, name, role, organization_id, client_id, client_secret } = user;
    store.run("INSERT OR IGNORE INTO users VALUES (?, ?, ?, ?, ?)", user_id, email, name, role, organization_id);
    const time = new Date(now()).toISOString();
    store.run(
      "INSERT OR IGNORE INTO clients VALUES (?, 'm2m', 'Emulator management', '{}', ?, ?, ?, ?, 1)",
      client_id,
      client_secret,
      user_id,
      time,
      time,
    );
  }
  for (const [name, members] of Object.entries(GROUPS)) {
    for (const member of members) {
      store.run("INSERT OR IGNORE INTO group_members VALUES (?, ?)", name, USERS[member].user_id);
    }
  }
}

/**
 * The `CARTO_*` variables that point a program at an emulator on a port of this machine; no emulator needs to run yet.
 *
 * @param identity whose management client to log in with; default: `"admin"`
 */
export function emulatorEnv(port: number, identity: Identity = "admin"): Record<string, string> {
  const url = `http://127.0.0.1:${port}`;
  const { client_id, client_secret } = USERS[identity];
  return {
    CARTO_ACCOUNTS_URL: url,
    CARTO_AUTH_URL: url,
    CARTO_M2M_CLIENT_ID: client_id,
    CARTO_M2M_CLIENT_SECRET: client_secret,
  };
}
