import * as certificates from "./checks/certificates.ts";
import type { Check } from "./checks/context.ts";
import * as domains from "./checks/domains.ts";
import * as mail from "./checks/mail.ts";
import * as packs from "./checks/packs.ts";
import * as quotas from "./checks/quotas.ts";
import * as records from "./checks/records.ts";
import * as registry from "./checks/registry.ts";
import type { Loaded } from "./load.ts";
import { type Problem, sortProblems } from "./problem.ts";

/** The rules across members and within one, each a function with one sentence. */
export const checks: readonly Check[] = [
  registry.noFileIsLost,
  registry.oneNumberAnId,
  registry.numberIsRegistered,
  registry.namesAreRegistered,
  registry.namesAreNeverReused,
  registry.placesAreKept,
  packs.packsNeedMembership,
  packs.packsAreTold,
  packs.replacedPacksEnd,
  packs.optionsNeedPacks,
  packs.thingsNeedPacks,
  packs.quotationsAreForLevelThree,
  packs.blocksAreRecovered,
  packs.endsFollowStarts,
  packs.servicesAreSound,
  packs.leaversHaveNoPack,
  quotas.nothingExceedsItsQuota,
  domains.domainsAreUnique,
  domains.childDomainsAreDelegated,
  domains.delegationsAreSound,
  domains.domainsAreOwnable,
  domains.siteNamesAreOwn,
  domains.delegatedNamesAreGiven,
  domains.redirectsLeadElsewhere,
  domains.proxiedNamesAreOfTheWeb,
  domains.phpIsKnown,
  domains.accountsAreSound,
  certificates.chainsAreUsable,
  records.recordValuesAreSound,
  records.recordsDoNotClash,
  mail.addressesAreUnique,
  mail.addressesAreOwn,
  mail.catchAllsAreKnown,
  mail.textsHoldNoAddress,
  mail.trustedAddressesAreForwards,
  mail.aliasesLeadSomewhere,
  mail.listsAreSound,
  mail.robotsAreSound,
  mail.ownersAreKnown,
];

/** Everything wrong in what was loaded, the problems of reading included; sorted. Empty: it may be planned. */
export function checkMembers(loaded: Loaded): Problem[] {
  return sortProblems([...loaded.problems, ...checks.flatMap((check) => check(loaded))]);
}
