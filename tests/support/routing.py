# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A load balancer as it is deployed, as the configuration of an nginx that answers as it does.

What is read comes from AWS's own Describe calls. Rendering is pure, and refuses what it cannot show instead of leaving
it out. Each rule is a variable that is 1 where all of its conditions hold; the first of them by priority decides.
Clients may say where they come from by the PROXY protocol, so that any source can be tried on loopback.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

Connect = Callable[[str], Any]

LISTENING = "127.0.0.1"
DEFAULT = "default"
#: Parts of a redirect's URL that stay as requested, and what nginx calls them.
KEPT = {"#{protocol}": "$scheme", "#{host}": "$host", "#{path}": "$bare_path", "#{query}": "$args"}


class Group(NamedTuple):
    """A target group: its name, the port it was made with, and the service whose tag it bears."""

    name: str
    port: int
    service: str


class Deployed(NamedTuple):
    """Listeners with their rules, the default one last, and target groups by ARN."""

    listeners: list[dict[str, Any]]
    groups: dict[str, Group]


class Places(NamedTuple):
    """Where on loopback things are: listeners by their port on AWS, targets by their group's ARN, and a folder.

    C(proxied) is whether clients say where they come from; else they come from where they do.
    """

    listeners: Mapping[int, int]
    targets: Mapping[str, int]
    folder: str
    proxied: bool = True


def read(connect: Connect, balancer: str) -> Deployed:
    """What AWS shows of a load balancer."""
    client = connect("elbv2")
    (found,) = client.describe_load_balancers(Names=[balancer])["LoadBalancers"]
    arn = found["LoadBalancerArn"]
    listeners = client.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    groups = client.describe_target_groups(LoadBalancerArn=arn)["TargetGroups"]
    return Deployed(
        [{**each, "Rules": client.describe_rules(ListenerArn=each["ListenerArn"])["Rules"]} for each in listeners],
        {each["TargetGroupArn"]: _group(client, each) for each in groups},
    )


def _group(client: Any, entry: Mapping[str, Any]) -> Group:
    (described,) = client.describe_tags(ResourceArns=[entry["TargetGroupArn"]])["TagDescriptions"]
    tags = {tag["Key"]: tag["Value"] for tag in described["Tags"]}
    return Group(entry["TargetGroupName"], entry["Port"], tags.get("Service", ""))


def render(deployed: Deployed, places: Places) -> str:
    """The nginx configuration."""
    servers = [line for each in deployed.listeners for line in _listener(each, places)]
    return "\n".join(
        [
            *("daemon off;", "master_process off;", f"pid {places.folder}/nginx.pid;", "events {}", "http {"),
            *("access_log off;", "merge_slashes off;", "underscores_in_headers on;", "server_tokens off;"),
            *("map_hash_bucket_size 512;", "variables_hash_max_size 8192;", "variables_hash_bucket_size 128;"),
            *(f"{kind}_temp_path {places.folder}/{kind};" for kind in TEMPORARY),
            f"ssl_certificate {places.folder}/certificate.pem;",
            f"ssl_certificate_key {places.folder}/key.pem;",
            'geo $dollar { default "$"; }',
            'map $proxy_protocol_addr $client { "" $remote_addr; default $proxy_protocol_addr; }',
            'map $uri $bare_path { default ""; "~^/(?<rest_of_path>.*)$" $rest_of_path; }',
            *servers,
            "}\n",
        ]
    )


TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def _listener(entry: Mapping[str, Any], places: Places) -> Iterable[str]:
    """The maps by which one listener chooses, and its server."""
    port = entry["Port"]
    rules = sorted((each for each in entry["Rules"] if not each["IsDefault"]), key=lambda each: int(each["Priority"]))
    names = [f"p{port}r{each['Priority']}" for each in rules]
    for name, rule in zip(names, rules, strict=True):
        yield from _rule(name, rule)
    chosen = f"p{port}"
    key = "".join(f"${{{name}}}" for name in names)
    choices = [f'"~^0{{{place}}}1" {name};' for place, name in enumerate(names)]
    yield _map(f'"{key}"', chosen, [f"default {chosen}{DEFAULT};", *choices])
    actions = {name: each["Actions"] for name, each in zip(names, rules, strict=True)}
    actions[f"{chosen}{DEFAULT}"] = entry["DefaultActions"]
    transforms = {name: each.get("Transforms") or [] for name, each in zip(names, rules, strict=True)}
    yield from _urls(chosen, transforms)
    yield from _server(entry, {name: each[-1] for name, each in actions.items()}, places)


def _map(source: str, variable: str, entries: Iterable[str]) -> str:
    return " ".join([f"map {source} ${variable} {{", *entries, "}"])


def quoted(text: str) -> str:
    """A word of the configuration's language; in regular expressions a dollar is one."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def literal(text: str) -> str:
    """A text without variables."""
    return quoted(text).replace("$", "${dollar}").replace("\n", "\\n")


# Conditions


def wildcards(pattern: str, star: str = ".*") -> str:
    """The regular expression of a pattern in which an asterisk is any text, and a question mark any character."""
    kinds = {"*": star, "?": "."}
    return "".join(kinds.get(each) or re.escape(each) for each in pattern)


def _rule(name: str, rule: Mapping[str, Any]) -> Iterable[str]:
    """A variable for each condition, and one that says whether all of them hold."""
    held = []
    for place, condition in enumerate(rule["Conditions"]):
        held.append(f"{name}c{place}")
        yield CONDITIONS[condition["Field"]](held[-1], condition)
    yield _map('"' + "".join(f"${{{each}}}" for each in held) + '"', name, ["default 0;", f'"{"1" * len(held)}" 1;'])


def _any_of(source: str, variable: str, patterns: Iterable[str], case: bool = True) -> str:
    kind = "~" if case else "~*"
    return _map(source, variable, ["default 0;", *(f"{quoted(f'{kind}^{each}$')} 1;" for each in patterns)])


def _values(condition: Mapping[str, Any], config: str) -> list[Any]:
    return list((condition.get(config) or condition)["Values"])


def _path(variable: str, condition: Mapping[str, Any]) -> str:
    """AWS compares the path of the URL after it was normalised; upper and lower case differ."""
    return _any_of("$uri", variable, map(wildcards, _values(condition, "PathPatternConfig")))


def _host(variable: str, condition: Mapping[str, Any]) -> str:
    return _any_of("$host", variable, map(wildcards, _values(condition, "HostHeaderConfig")), case=False)


def _header(variable: str, condition: Mapping[str, Any]) -> str:
    """The name in any case, as nginx has it; the values too."""
    config = condition["HttpHeaderConfig"]
    source = "$http_" + config["HttpHeaderName"].lower().replace("-", "_")
    return _any_of(source, variable, map(wildcards, config["Values"]), case=False)


def _method(variable: str, condition: Mapping[str, Any]) -> str:
    return _any_of("$request_method", variable, map(re.escape, _values(condition, "HttpRequestMethodConfig")))


def _source(variable: str, condition: Mapping[str, Any]) -> str:
    ranges = [f"{each} 1;" for each in _values(condition, "SourceIpConfig")]
    return " ".join([f"geo $client ${variable} {{ default 0;", *ranges, "}"])


def _query(variable: str, condition: Mapping[str, Any]) -> str:
    """A parameter of a name and value; without a name any has it."""
    pairs = [(each.get("Key") or "*", each["Value"]) for each in _values(condition, "QueryStringConfig")]
    patterns = [f"(.*&)?{wildcards(key, '[^&=]*')}={wildcards(value, '[^&]*')}(&.*)?" for key, value in pairs]
    return _any_of("$args", variable, patterns, case=False)


CONDITIONS: Mapping[str, Callable[[str, Mapping[str, Any]], str]] = {
    "path-pattern": _path,
    "host-header": _host,
    "http-header": _header,
    "http-request-method": _method,
    "source-ip": _source,
    "query-string": _query,
}


# Actions


def _urls(chosen: str, transforms: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterable[str]:
    """What targets see in place of the requested URL; a rewriting looks at path and query."""
    rewritten = ["default $request_uri;"]
    for name, entries in transforms.items():
        for entry in entries:
            if entry["Type"] != "url-rewrite":
                raise ValueError(f"a rule's {entry['Type']} cannot be shown")
            (rewrite,) = entry["UrlRewriteConfig"]["Rewrites"]
            regex = quoted(f"~{rewrite['Regex']}")
            yield _map("$request_uri", f"{name}url", ["default $request_uri;", f'{regex} "{rewrite["Replace"]}";'])
            rewritten.append(f"{name} ${name}url;")
    yield _map(f"${chosen}", f"{chosen}url", rewritten)


def _server(entry: Mapping[str, Any], actions: Mapping[str, Mapping[str, Any]], places: Places) -> Iterable[str]:
    """The server of a listener: a redirect it gives itself, everything else is proxied."""
    port = entry["Port"]
    targets, redirects = [], []
    for name, action in actions.items():
        if action["Type"] == "redirect":
            redirects.append(f"if ($p{port} = {name}) {{ {_redirect(action['RedirectConfig'], port, places)} }}")
        elif action["Type"] == "fixed-response":
            yield _fixed(name, action["FixedResponseConfig"], places)
            targets.append(f"{name} unix:{places.folder}/{name}.sock:;")
        else:
            yield _shares(name, _weights(action), places)
            targets.append(f"{name} ${name}target;")
    yield _map(f"$p{port}", f"p{port}target", ["default none;", *targets])
    secure = (" ssl" if entry["Protocol"] == "HTTPS" else "") + (" proxy_protocol" if places.proxied else "")
    headers = {"Host": "$http_host", "X-Forwarded-For": "$client", "X-Forwarded-Port": str(port)}
    forwarded = " ".join(f'proxy_set_header {key} "{value}";' for key, value in headers.items())
    yield (
        f"server {{ listen {LISTENING}:{places.listeners[port]}{secure}; {_tls(entry)} location / {{ "
        f"{' '.join(redirects)} {forwarded} proxy_pass http://$p{port}target$p{port}url; }} }}"
    )


def _tls(entry: Mapping[str, Any]) -> str:
    """The versions that the policy's name says: 1.3 alone, or 1.2 as well."""
    policy = entry.get("SslPolicy")
    if not policy:
        return ""
    return f"ssl_protocols {'TLSv1.3' if 'TLS13-1-3' in policy else 'TLSv1.2 TLSv1.3'};"


def _weights(action: Mapping[str, Any]) -> dict[str, int]:
    if action["Type"] != "forward":
        raise ValueError(f"a rule's action {action['Type']} cannot be shown")
    config = action.get("ForwardConfig") or {"TargetGroups": [{"TargetGroupArn": action["TargetGroupArn"]}]}
    if (config.get("TargetGroupStickinessConfig") or {}).get("Enabled"):
        raise ValueError("that clients stay with a target group cannot be shown")
    return {each["TargetGroupArn"]: each.get("Weight", 1) for each in config["TargetGroups"]}


def _shares(name: str, weights: Mapping[str, int], places: Places) -> str:
    """Each request goes to a target group by chance, as often as its weight says."""
    total = sum(weights.values())
    alive = [arn for arn, weight in sorted(weights.items(), key=lambda each: each[1]) if weight]
    places_of = {arn: f"{LISTENING}:{places.targets[arn]}" for arn in alive}
    some = [f"{100 * weights[arn] / total:.2f}% {places_of[arn]};" for arn in alive[:-1]]
    rest = places_of[alive[-1]] if alive else "none"
    return " ".join([f'split_clients "$request_id" ${name}target {{', *some, f"* {rest}; }}"])


def _fixed(name: str, config: Mapping[str, Any], places: Places) -> str:
    """An answer of the load balancer's own, from a server behind a socket."""
    body = literal(config.get("MessageBody") or "")
    return (
        f"server {{ listen unix:{places.folder}/{name}.sock; default_type {config.get('ContentType') or 'text/plain'}; "
        f"location / {{ return {config['StatusCode']} {body}; }} }}"
    )


def _redirect(config: Mapping[str, Any], port: int, places: Places) -> str:
    """The new address; a port that is a listener's is where the listener is."""

    def part(key: str, default: str) -> str:
        text = str(config.get(key) or default)
        for placeholder, variable in KEPT.items():
            text = text.replace(placeholder, variable.replace("$", "${", 1) + "}")
        return text

    wanted = str(config.get("Port") or "#{port}").replace("#{port}", str(port))
    place = places.listeners.get(int(wanted), wanted)
    query = part("Query", "#{query}")
    asked = "$is_args" if query == "${args}" else "?" * bool(query)
    protocol = part("Protocol", "#{protocol}").lower()
    address = f"{protocol}://{part('Host', '#{host}')}:{place}{part('Path', '/#{path}')}{asked}{query}"
    return f'return {config["StatusCode"].removeprefix("HTTP_")} "{address}";'
