// pulumi config set namespace jobs
// pulumi up                           kubectl's current context is the cluster
//
// The Secret is a resource of the stack: a rotation updates it before the old client is deleted, and destroy deletes it.
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { M2mOAuthClient } from "pulumi-carto";

const config = new pulumi.Config();
const client = new M2mOAuthClient("nightly-import", {
  name: "Nightly import",
  rotationTrigger: config.get("rotation"), // any text; a change makes a new client
});

const secret = new kubernetes.core.v1.Secret("nightly-import", {
  metadata: { name: "nightly-import", namespace: config.require("namespace") },
  stringData: { CARTO_M2M_CLIENT_ID: client.clientId, CARTO_M2M_CLIENT_SECRET: client.clientSecret },
});

export const secretName = secret.metadata.name;
