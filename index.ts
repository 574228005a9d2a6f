import * as pulumi from "@pulumi/pulumi";
import { declareClients } from "pulumi-carto/manifest";

declareClients(new pulumi.Config().require("manifest"));
