package dev.quiver.conventions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which module may know which: the table of ARCHITECTURE.md, in the order of the root pom.
record ModuleTable(Map<String, List<String>> dependencies) {

    static final ModuleTable QUIVER =
            new ModuleTable(
                    ordered(
                            row("core"),
                            row("protocol", "core"),
                            row("columnar", "core"),
                            row("io", "columnar"),
                            row("dataframe", "core"),
                            row("planner", "dataframe", "io"),
                            row("scheduler", "protocol"),
                            row("dashboard", "scheduler"),
                            row("worker", "protocol", "planner"),
                            row("client-api", "dataframe", "scheduler", "worker"),
                            row("pipeline", "client-api"),
                            row("arrow", "worker"),
                            row("cluster", "client-api", "arrow"),
                            row("testkit", "pipeline"),
                            row("notebook", "pipeline"),
                            row("simulation", "scheduler", "worker"),
                            row("benchmarks", "pipeline", "simulation"),
                            row("local", "client-api", "dashboard"),
                            row("s3", "io"),
                            row(
                                    "deploy",
                                    "pipeline",
                                    "dashboard",
                                    "s3",
                                    "cluster",
                                    "notebook",
                                    "benchmarks"),
                            row("docs", "pipeline", "deploy"),
                            row("conventions", "client-api", "simulation", "deploy")));

    private record Row(String module, List<String> dependencies) {}

    private static Row row(String module, String... dependencies) {
        return new Row(module, List.of(dependencies));
    }

    private static Map<String, List<String>> ordered(Row... rows) {
        var map = new LinkedHashMap<String, List<String>>();
        for (var row : rows) map.put(row.module(), row.dependencies());
        return map;
    }

    List<String> modules() {
        return new ArrayList<>(dependencies.keySet());
    }

    /// The modules that `module` may use: its dependencies, theirs, and itself.
    Set<String> visible(String module) {
        var visible = new TreeSet<String>();
        visible.add(module);
        for (String dependency : dependencies.getOrDefault(module, List.of())) {
            visible.addAll(visible(dependency));
        }
        return visible;
    }
}
