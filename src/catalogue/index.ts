import { assistance } from "./options/assistance.ts";
import { certificate } from "./options/certificate.ts";
import { database } from "./options/database.ts";
import { databaseUser } from "./options/database-user.ts";
import { disk } from "./options/disk.ts";
import { domainManagement } from "./options/domain-management.ts";
import { domainRegistration } from "./options/domain-registration.ts";
import { ftpAccount } from "./options/ftp-account.ts";
import { mailbox } from "./options/mailbox.ts";
import { traffic } from "./options/traffic.ts";
import { assisted } from "./packs/assisted.ts";
import { autonomous } from "./packs/autonomous.ts";
import { mailboxes } from "./packs/mailboxes.ts";
import { sympa } from "./packs/sympa.ts";
import { analysis } from "./services/analysis.ts";
import { development } from "./services/development.ts";
import { graphics } from "./services/graphics.ts";
import { onsiteIntervention } from "./services/onsite-intervention.ts";
import { onsiteSupport } from "./services/onsite-support.ts";
import { remoteIntervention } from "./services/remote-intervention.ts";

/** Everything that the association sells, in the order of its price page. */
export const packs = { autonomous, assisted, sympa, mailboxes };

/** Declared in `options`. */
export const options = { assistance, mailbox, database, ftpAccount, databaseUser, certificate };

/** Declared in `blocks`: bought once, used up by what exceeds a quota. */
export const blocks = { disk, traffic };

/** Declared as `domains`. */
export const domainOffers = { domainRegistration, domainManagement };

export const services = {
  analysis,
  graphics,
  development,
  onsiteSupport,
  onsiteIntervention,
  remoteIntervention,
};

export type OptionId = keyof typeof options;
