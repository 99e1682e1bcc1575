"""Judges what is read from stdin as JSON, prints the findings as JSON.

e-invoices: [xml, …] and a folder of rules -> for each the ids of the rules it breaks, "XSD" for the schema.
numbers: {"communications": […], "enterprises": […]} -> the same with true or false for each.
"""
import json
import sys
import xml.etree.ElementTree as ElementTree

SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def invoices(folder, documents):
    from peppol.xsd import validate_xsd
    from saxonche import PySaxonProcessor

    with PySaxonProcessor(license=False) as saxon:
        xslt = saxon.new_xslt30_processor()
        rules = [
            xslt.compile_stylesheet(stylesheet_file=f"{folder}/{name}-EN16931-UBL.xslt") for name in ("CEN", "PEPPOL")
        ]
        return [judged(saxon, rules, validate_xsd, text) for text in documents]


def judged(saxon, rules, validate_xsd, text):
    valid, messages = validate_xsd(text)
    findings = [] if valid else ["XSD " + "; ".join(messages)]
    node = saxon.parse_xml(xml_text=text)
    for rule in rules:
        report = ElementTree.fromstring(rule.transform_to_string(xdm_node=node))
        if not report.findall(SVRL + "fired-rule"):
            findings.append("no rule fired")
        findings += [failed.get("id") for failed in report.iter(SVRL + "failed-assert")]
    return findings


def numbers(given):
    from stdnum.be import ogm_vcs, vat

    return {
        "communications": [ogm_vcs.is_valid(one) for one in given["communications"]],
        "enterprises": [vat.is_valid(one) for one in given["enterprises"]],
    }


what, *arguments = sys.argv[1:]
given = json.load(sys.stdin)
json.dump(invoices(arguments[0], given) if what == "invoices" else numbers(given), sys.stdout)
