"""Judges DNS servers on loopback, read from stdin as JSON, prints the findings as JSON.

[{"port": …, "zone": text of a zone file, "policy": MTA-STS policy, "key": private key (PEM), "selectors": […],
  "domains": [{"name": …, "mail": "whole" | "delivery" | "none"}]}, …] -> for each {domain: {"errors": […], "warnings": […]}}.
"""
import json
import sys

import checkdmarc.utils
import dkim
import dns.resolver
import dns.zone
from checkdmarc.dmarc import check_dmarc
from checkdmarc.mta_sts import MTASTSError, mx_in_mta_sts_patterns, parse_mta_sts_policy, query_mta_sts_record
from checkdmarc.mta_sts import parse_mta_sts_record
from checkdmarc.smtp_tls_reporting import check_smtp_tls_reporting
from checkdmarc.spf import check_spf


def judged(case):
    # Answers are kept by name alone, whatever server gave them.
    checkdmarc.utils.DNS_CACHE.clear()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = case["port"]
    resolver.lifetime = 5
    findings = {one["name"]: domain(case, one["name"], one["mail"], resolver) for one in case["domains"]}
    findings["zone file"] = {"errors": zone_file(case["zone"], resolver), "warnings": []}
    return findings


def domain(case, name, mail, resolver):
    errors, warnings = [], []

    def take(what, result):
        if "error" in result:
            errors.append(f"{what}: {result['error']}")
        warnings.extend(f"{what}: {text}" for text in result.get("warnings", []))

    take("SPF", check_spf(name, parked=mail == "none", resolver=resolver, retries=0))
    take("DMARC", check_dmarc(name, parked=mail == "none", resolver=resolver, retries=0))
    hosts = exchangers(name, resolver, errors)
    if (hosts == ["."]) != (mail == "none"):
        errors.append(f"MX: {' '.join(hosts)}")
    if mail == "whole":
        take("TLS-RPT", check_smtp_tls_reporting(name, resolver=resolver, retries=0))
        take("MTA-STS", mta_sts(name, case["policy"], hosts, resolver))
    if mail != "none":
        errors.extend(f"DKIM: {selector}" for selector in case["selectors"] if not signed(name, selector, case["key"], resolver))
    return {"errors": errors, "warnings": warnings}


def exchangers(name, resolver, errors):
    """Names of the servers, which must have an address; "." for a null MX (RFC 7505)."""
    try:
        found = sorted(str(one.exchange) for one in resolver.resolve(name, "MX"))
        for host in found:
            if host != ".":
                resolver.resolve(host, "A")
        return [host.rstrip(".") or "." for host in found]
    except dns.exception.DNSException as error:
        errors.append(f"MX: {error}")
        return []


def mta_sts(name, policy, hosts, resolver):
    try:
        found = query_mta_sts_record(name, resolver=resolver, retries=0)
        record = parse_mta_sts_record(found["record"])
        parsed = parse_mta_sts_policy(policy)
        resolver.resolve(f"mta-sts.{name}", "A")
    except (MTASTSError, dns.exception.DNSException) as error:
        return {"error": str(error)}
    if not all(mx_in_mta_sts_patterns(host, parsed["policy"]["mx"]) for host in hosts):
        return {"error": f"the policy lacks {hosts}"}
    return {"warnings": found["warnings"] + record["warnings"] + parsed["warnings"]}


def signed(name, selector, key, resolver):
    """Whether a receiver verifies what is signed for the domain, with the key that its DNS gives."""
    message = f"From: info@{name}\r\nTo: a@b.example\r\nSubject: test\r\n\r\ntext\r\n".encode()

    def text(record, timeout=5):
        try:
            [answer] = resolver.resolve(record.decode(), "TXT")
            return b"".join(answer.strings)
        except dns.exception.DNSException:
            return None

    signature = dkim.sign(message, selector.encode(), name.encode(), key.encode())
    return dkim.DKIM(signature + message).verify(dnsfunc=text)


def zone_file(text, resolver):
    """What the zone file says otherwise than the server, record set by record set."""
    try:
        zone = dns.zone.from_text(text, origin=".", relativize=False, check_origin=False)
    except (dns.exception.DNSException, ValueError) as error:
        return [f"zone file: {error}"]
    errors = []
    for name, ttl, rdata in zone.iterate_rdatas():
        try:
            if rdata not in resolver.resolve(name, rdata.rdtype):
                errors.append(f"zone file: {name} {rdata}")
        except dns.exception.DNSException as error:
            errors.append(f"zone file: {name} {rdata}: {error}")
    return errors


json.dump([judged(case) for case in json.load(sys.stdin)], sys.stdout)
