package dev.quiver.conventions;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A module's classes use only classes of the modules that its row of the table reaches, and no
/// package lies in two modules.
final class Layering {
    private final ModuleTable table;
    private final Map<String, String> moduleByClass = new TreeMap<>();
    private final Map<String, String> moduleByPackage = new TreeMap<>();
    private final List<Violation> violations = new ArrayList<>();

    private Layering(ModuleTable table) {
        this.table = table;
    }

    /// @param classesByModule where the classes of each module are; absent ones are passed over
    static List<Violation> violations(ModuleTable table, Map<String, Path> classesByModule) {
        var layering = new Layering(table);
        var imported = new ArrayList<JavaClasses>();
        classesByModule.forEach((module, directory) -> {
            if (!Files.isDirectory(directory)) return;
            var classes = new ClassFileImporter().importPath(directory);
            classes.forEach(type -> layering.own(module, type));
            imported.add(classes);
        });
        imported.forEach(classes -> classes.forEach(layering::check));
        return layering.violations;
    }

    private void own(String module, JavaClass type) {
        moduleByClass.put(type.getName(), module);
        String owner = moduleByPackage.putIfAbsent(type.getPackageName(), module);
        if (owner == null || owner.equals(module)) return;
        violations.add(
                new Violation(
                        file(module, type),
                        1,
                        "package %s is in %s and in %s"
                                .formatted(type.getPackageName(), owner, module),
                        "a package of the module's own"));
    }

    private void check(JavaClass type) {
        String module = moduleByClass.getOrDefault(type.getName(), "");
        Set<String> visible = table.visible(module);
        for (var dependency : type.getDirectDependenciesFromSelf()) {
            String target = dependency.getTargetClass().getBaseComponentType().getName();
            String owner = moduleByClass.get(target);
            if (owner == null || visible.contains(owner)) continue;
            violations.add(
                    new Violation(
                            file(module, type),
                            Math.max(1, dependency.getSourceCodeLocation().getLineNumber()),
                            "%s uses %s of module %s".formatted(module, target, owner),
                            "only the modules %s, or a small interface found by ServiceLoader"
                                    .formatted(visible)));
        }
    }

    private static String file(String module, JavaClass type) {
        String name =
                type.getSource().flatMap(source -> source.getFileName()).orElse(type.getName());
        return "%s/src/main/java/%s/%s"
                .formatted(module, type.getPackageName().replace('.', '/'), name);
    }
}
