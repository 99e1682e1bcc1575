import { create } from "xmlbuilder2";
import { decimal } from "../../money.ts";
import type { BillDocument, DocumentLine, Party } from "../document.ts";
import { BLOCK } from "../draw.ts";
import { printedCommunication } from "../identifiers.ts";
import { vatCategory } from "../vat.ts";

type Node = { [name: string]: unknown };

const CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0";
const PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";
/** Belgian enterprise numbers in the list of electronic addresses. */
const SCHEME = "0208";

/** A document as Peppol BIS Billing 3.0 in UBL 2.1. RangeError when a party has no enterprise number to be addressed by. */
export function ubl(document: BillDocument): string {
  const credit = document.series === "NC";
  const name = credit ? "CreditNote" : "Invoice";
  const root: Node = {
    [name]: {
      "@xmlns": `urn:oasis:names:specification:ubl:schema:xsd:${name}-2`,
      "@xmlns:cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
      "@xmlns:cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
      "cbc:CustomizationID": CUSTOMIZATION,
      "cbc:ProfileID": PROFILE,
      "cbc:ID": document.number,
      "cbc:IssueDate": document.date,
      ...(document.payBy === undefined ? {} : { "cbc:DueDate": document.payBy }),
      [credit ? "cbc:CreditNoteTypeCode" : "cbc:InvoiceTypeCode"]: credit ? "381" : "380",
      ...(document.mentions.length === 0 ? {} : { "cbc:Note": document.mentions.join(" ") }),
      "cbc:DocumentCurrencyCode": "EUR",
      "cbc:BuyerReference": document.member,
      ...(document.refersTo === undefined
        ? {}
        : {
            "cac:BillingReference": {
              "cac:InvoiceDocumentReference": {
                "cbc:ID": document.refersTo.number,
                "cbc:IssueDate": document.refersTo.date,
              },
            },
          }),
      "cac:AccountingSupplierParty": party(document.issuer, document),
      "cac:AccountingCustomerParty": party(document.party, document),
      ...(document.communication === undefined
        ? {}
        : {
            "cac:PaymentMeans": {
              "cbc:PaymentMeansCode": "30",
              "cbc:PaymentID": printedCommunication(document.communication),
              "cac:PayeeFinancialAccount": { "cbc:ID": document.issuer.iban.replaceAll(" ", "") },
            },
          }),
      "cac:TaxTotal": {
        "cbc:TaxAmount": money(document.vat),
        "cac:TaxSubtotal": document.totals.map(({ category, rate, net, vat }) => ({
          "cbc:TaxableAmount": money(net),
          "cbc:TaxAmount": money(vat),
          "cac:TaxCategory": {
            "cbc:ID": category,
            ...(category === "O" ? {} : { "cbc:Percent": String(rate) }),
            ...(category === "S" ? {} : { "cbc:TaxExemptionReason": document.mentions[0] ?? "Exonéré" }),
            "cac:TaxScheme": { "cbc:ID": "VAT" },
          },
        })),
      },
      "cac:LegalMonetaryTotal": {
        "cbc:LineExtensionAmount": money(document.net),
        "cbc:TaxExclusiveAmount": money(document.net),
        "cbc:TaxInclusiveAmount": money(document.gross),
        "cbc:PayableAmount": money(document.gross),
      },
      [credit ? "cac:CreditNoteLine" : "cac:InvoiceLine"]: document.lines.map((line, index) => ({
        "cbc:ID": String(index + 1),
        [credit ? "cbc:CreditedQuantity" : "cbc:InvoicedQuantity"]: quantityOf(line),
        "cbc:LineExtensionAmount": money(line.cents),
        ...(line.period === undefined
          ? {}
          : { "cac:InvoicePeriod": { "cbc:StartDate": line.period.from, "cbc:EndDate": line.period.to } }),
        "cac:Item": { "cbc:Name": line.label.slice(0, 100), "cac:ClassifiedTaxCategory": lineCategory(line) },
        "cac:Price": priceOf(line),
      })),
    },
  };
  return create({ version: "1.0", encoding: "UTF-8" }, root).end({ prettyPrint: true });
}

function party(
  { name, street, postcode, city, country, enterpriseNumber, liable }: Party,
  { totals }: BillDocument,
): Node {
  if (enterpriseNumber === undefined) throw new RangeError(`${name} has no enterprise number: no electronic address.`);
  // Outside the scope of VAT no VAT number may stand in the document (BR-O-02).
  const taxed = liable === true && totals.every(({ category }) => category !== "O");
  return {
    "cac:Party": {
      "cbc:EndpointID": { "@schemeID": SCHEME, "#": enterpriseNumber },
      "cac:PostalAddress": {
        "cbc:StreetName": street,
        "cbc:CityName": city,
        "cbc:PostalZone": postcode,
        "cac:Country": { "cbc:IdentificationCode": country },
      },
      ...(taxed
        ? { "cac:PartyTaxScheme": { "cbc:CompanyID": `BE${enterpriseNumber}`, "cac:TaxScheme": { "cbc:ID": "VAT" } } }
        : {}),
      "cac:PartyLegalEntity": {
        "cbc:RegistrationName": name,
        "cbc:CompanyID": { "@schemeID": SCHEME, "#": enterpriseNumber },
      },
    },
  };
}

function lineCategory({ regime }: DocumentLine): Node {
  const { category, rate } = vatCategory(regime);
  return {
    "cbc:ID": category,
    ...(category === "O" ? {} : { "cbc:Percent": String(rate) }),
    "cac:TaxScheme": { "cbc:ID": "VAT" },
  };
}

/** Days for what is priced by year, else pieces or hours; one piece where a line is only a difference. */
function quantityOf({ quantity }: DocumentLine): Node {
  if (quantity === undefined) return { "@unitCode": "C62", "#": "1" };
  const { numerator, denominator, unit } = quantity;
  if (unit === "day") return { "@unitCode": "DAY", "#": String(numerator) };
  // A recovered block: thousandths of its 20 GB·month, with the block as base of the price.
  if (denominator === BLOCK) return { "@unitCode": "C62", "#": String(numerator / 1000) };
  return { "@unitCode": unit === "hour" ? "HUR" : "C62", "#": String(numerator / denominator) };
}

function priceOf({ quantity, unitCents, base, cents }: DocumentLine): Node {
  if (quantity === undefined || unitCents === undefined) return { "cbc:PriceAmount": money(cents) };
  const price = { "cbc:PriceAmount": money(unitCents) };
  if (quantity.unit === "day") return { ...price, "cbc:BaseQuantity": { "@unitCode": "DAY", "#": String(base) } };
  return quantity.denominator === BLOCK ? { ...price, "cbc:BaseQuantity": { "@unitCode": "C62", "#": "20" } } : price;
}

function money(cents: number): Node {
  return { "@currencyID": "EUR", "#": decimal(BigInt(cents)) };
}
