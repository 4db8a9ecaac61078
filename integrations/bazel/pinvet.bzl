"""pinvet in a Bazel workspace: facts of each target, which remote caches keep, and what they say together.

The workspace has a package tools/pinvet with two targets:

    exports_files(["pinvet"])                              # the program, or an alias or rule of that name
    filegroup(name = "config", srcs = ["//:pinvet.yaml"])  # and .editorconfig files; without a pinvet.yaml, none count

A BUILD file then says what is judged as a whole, from the top of the graph:

    load("//tools/pinvet:pinvet.bzl", "pinvet_report", "pinvet_test")

    pinvet_test(name = "border", targets = ["//app"])      # fails where there are findings at or above the gate
    pinvet_report(name = "findings", targets = ["//app"])  # findings.sarif, whatever there is

News of single targets, which take facts of their dependencies into account and not of those that depend on them:

    bazel build --aspects=//tools/pinvet:pinvet.bzl%pinvet_facts --output_groups=pinvet //...
"""

PinvetInfo = provider(
    doc = "What pinvet knows of a target.",
    fields = {"facts": "depset of files of facts: of the target and of all that it depends on"},
)

_SOURCES = ("cs", "c", "h")
_PROJECTS = ("csproj", "projitems", "vcxproj", "vcxitems", "props", "targets", "def", "cmake")
_HOLD_FILES = ("srcs", "hdrs", "textual_hdrs", "data")
_LEAD_ON = ("deps", "implementation_deps", "private_deps", "native_deps", "data", "exports", "actual")

_tools = {
    "_pinvet": attr.label(default = Label("//tools/pinvet:pinvet"), allow_single_file = True, executable = True, cfg = "exec"),
    "_config": attr.label(default = Label("//tools/pinvet:config"), allow_files = True),
}

def _listed(rule, names):
    out = []
    for name in names:
        value = getattr(rule.attr, name, None)
        if type(value) == "Target":
            out.append(value)
        elif type(value) == "list":
            out += [v for v in value if type(v) == "Target"]
    return out

def _settings(ctx):
    return [f for f in ctx.files._config if f.extension in ("yaml", "yml")]

def _check(ctx):
    """The head of each command line, and the files that it rests on."""
    args = ctx.actions.args()
    args.add_all(["check", "--no-cache", "-q"])
    args.add_all(_settings(ctx), before_each = "--config")
    if not _settings(ctx):
        args.add("--no-config")
    return args, ctx.files._config

def _report(ctx, args, inputs, out):
    """Findings are no failure of the action that lists them; only exit codes above 1 are."""
    args.add("--severity", "advice")
    args.add(out, format = "--format=sarif=%s")
    ctx.actions.run_shell(
        command = '"$@" || [ $? -eq 1 ]',
        arguments = [ctx.executable._pinvet.path, args],
        tools = [ctx.executable._pinvet],
        inputs = inputs,
        outputs = [out],
        mnemonic = "PinvetReport",
        progress_message = "Analysing %s" % ctx.label,
    )

def _facts_impl(target, ctx):
    below = depset(transitive = [d[PinvetInfo].facts for d in _listed(ctx.rule, _LEAD_ON) if PinvetInfo in d])
    files = [f for held in _listed(ctx.rule, _HOLD_FILES) for f in held.files.to_list()]
    own = [f for f in files if f.extension in _SOURCES or f.extension in _PROJECTS or f.basename == "CMakeLists.txt"]
    if not [f for f in own if f.extension in _SOURCES]:
        return [PinvetInfo(facts = below)]

    facts = ctx.actions.declare_file(target.label.name + ".pinvet")
    args, config = _check(ctx)
    args.add("--facts-only")
    args.add("--facts-out", facts)
    args.add_all(own, uniquify = True)
    ctx.actions.run(
        executable = ctx.executable._pinvet,
        arguments = [args],
        inputs = own + config,
        outputs = [facts],
        mnemonic = "PinvetFacts",
        progress_message = "Reading %s" % ctx.label,
    )

    news = ctx.actions.declare_file(target.label.name + ".pinvet.sarif")
    args, config = _check(ctx)
    args.add_all(below, before_each = "--facts-in")
    args.add_all(own, uniquify = True)
    _report(ctx, args, depset(own + config, transitive = [below]), news)
    return [
        PinvetInfo(facts = depset([facts], transitive = [below])),
        OutputGroupInfo(pinvet = depset([news]), pinvet_facts = depset([facts])),
    ]

pinvet_facts = aspect(
    doc = "Facts of a target and of what it depends on.",
    implementation = _facts_impl,
    attr_aspects = list(_LEAD_ON),
    attrs = _tools,
)

def _all_facts(ctx):
    return depset(transitive = [t[PinvetInfo].facts for t in ctx.attr.targets])

def _report_impl(ctx):
    facts = _all_facts(ctx)
    out = ctx.actions.declare_file(ctx.label.name + ".sarif")
    args, config = _check(ctx)
    args.add_all(facts, before_each = "--facts-in")
    _report(ctx, args, depset(config, transitive = [facts]), out)
    return [DefaultInfo(files = depset([out]))]

def _test_impl(ctx):
    facts = _all_facts(ctx)
    config = ["--config", _settings(ctx)[0].short_path] if _settings(ctx) else ["--no-config"]
    words = [ctx.executable._pinvet.short_path, "check", "--no-cache", "--gate", ctx.attr.gate] + config
    for f in facts.to_list():
        words += ["--facts-in", f.short_path]
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, "#!/bin/sh\nexec " + " ".join(["'%s'" % w for w in words]) + "\n", is_executable = True)
    files = [ctx.executable._pinvet] + ctx.files._config
    return [DefaultInfo(executable = script, runfiles = ctx.runfiles(files = files, transitive_files = facts))]

_targets = attr.label_list(mandatory = True, aspects = [pinvet_facts], doc = "The tops of the graph to judge.")

pinvet_report = rule(
    doc = "One SARIF file of all findings in the targets and in what they depend on.",
    implementation = _report_impl,
    attrs = dict(_tools, targets = _targets),
)

pinvet_test = rule(
    doc = "Fails where a finding at or above the gate is in the targets or in what they depend on.",
    implementation = _test_impl,
    test = True,
    attrs = dict(_tools, targets = _targets, gate = attr.string(default = "error", values = ["error", "warning", "advice"])),
)
