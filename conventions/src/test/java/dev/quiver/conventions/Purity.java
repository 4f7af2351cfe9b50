package dev.quiver.conventions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Packages named `state` see no clock, thread, IO or randomness, and iterate nothing in hash
/// order.
///
/// Reads the constant pools of the compiled classes, so that no dependency slips past a scan of
/// imports.
final class Purity {
    private record Banned(Pattern name, String use) {
        Banned(String name, String use) {
            this(Pattern.compile(name), use);
        }
    }

    private static final List<Banned> BANNED =
            List.of(
                    new Banned(
                            "java/util/(HashMap|HashSet|IdentityHashMap|WeakHashMap)([.$].*)?",
                            "LinkedHashMap, TreeMap or an array: hash order isn't the same"
                                    + " everywhere"),
                    new Banned(
                            "java/util/(Map|Set)\\.(of|ofEntries|copyOf|entry)",
                            "a LinkedHashMap or List: the order of Map.of and Set.of changes with"
                                    + " the run"),
                    new Banned(
                            "java/util/stream/Collectors\\.(to(Unmodifiable)?(Map|Set)|groupingBy|partitioningBy)",
                            "a loop into a LinkedHashMap or TreeMap"),
                    new Banned(
                            "java/time/.*|java/lang/System\\.(nanoTime|currentTimeMillis)",
                            "nanoseconds that arrive with an event"),
                    new Banned(
                            "java/util/(Random|SplittableRandom|random/.*|UUID)([.$].*)?|java/lang/Math\\.random|java/util/Collections\\.shuffle|java/lang/(System\\.identityHashCode|Object\\.hashCode)",
                            "a value that arrives with an event"),
                    new Banned(
                            "java/util/concurrent/.*|java/lang/(Thread|ThreadLocal|Process|ProcessBuilder|Runtime)([.$].*)?",
                            "a command that the shell runs"),
                    new Banned(
                            "java/(io/(?!Serializable$)|net/|nio/).*|org/slf4j/.*|java/lang/System\\.(getProperty|getenv|out|err|in|exit)",
                            "a command that the shell runs"));

    private Purity() {}

    /// Every use of a banned name under the directory of a module's classes.
    static List<Violation> violations(String module, Path directory) {
        if (!Files.isDirectory(directory)) return List.of();
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .map(Purity::parse)
                    .filter(Purity::isState)
                    .flatMap(type -> violations(module, type).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("walking " + directory, e);
        }
    }

    private static ClassModel parse(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }

    private static boolean isState(ClassModel type) {
        return type.thisClass().asInternalName().matches(".*/state/[^/]*");
    }

    private static List<Violation> violations(String module, ClassModel type) {
        var names = new TreeSet<String>();
        for (var entry : type.constantPool()) {
            switch (entry) {
                case MemberRefEntry member -> names.add(name(member));
                case ClassEntry used ->
                        names.add(used.asInternalName().replaceAll("^\\[+L?|;$", ""));
                default -> {}
            }
        }
        String self = type.thisClass().asInternalName();
        String source =
                type.findAttribute(Attributes.sourceFile())
                        .map(attribute -> attribute.sourceFile().stringValue())
                        .orElse("?");
        String file =
                "%s/src/main/java/%s/%s"
                        .formatted(module, self.substring(0, self.lastIndexOf('/')), source);
        var violations = new ArrayList<Violation>();
        for (String name : names) {
            for (var banned : BANNED) {
                if (!banned.name().matcher(name).matches()) continue;
                String what = "%s in a state machine".formatted(name.replace('/', '.'));
                violations.add(new Violation(file, lineOf(type, name), what, banned.use()));
            }
        }
        return violations;
    }

    private static String name(MemberRefEntry member) {
        return member.owner().asInternalName() + "." + member.name().stringValue();
    }

    /// The first line that uses a name; 1 where only a declaration does.
    private static long lineOf(ClassModel type, String name) {
        for (var method : type.methods()) {
            var code = method.code();
            long line = code.isEmpty() ? 0 : lineOf(code.get(), name);
            if (line > 0) return line;
        }
        return 1;
    }

    private static long lineOf(CodeModel code, String name) {
        long line = 0;
        for (var element : code) {
            switch (element) {
                case LineNumber number -> line = number.line();
                case InvokeInstruction invoke when name(invoke.method()).equals(name) -> {
                    return line;
                }
                case FieldInstruction field when name(field.field()).equals(name) -> {
                    return line;
                }
                case NewObjectInstruction created
                        when created.className().asInternalName().equals(name) -> {
                    return line;
                }
                case InvokeDynamicInstruction dynamic
                        when dynamic.bootstrapArgs().stream().anyMatch(a -> refersTo(a, name)) -> {
                    return line;
                }
                default -> {}
            }
        }
        return 0;
    }

    /// Whether a method reference such as `HashSet::new` uses a class or a member of that name.
    private static boolean refersTo(ConstantDesc argument, String name) {
        if (!(argument instanceof DirectMethodHandleDesc handle)) return false;
        String owner = handle.owner().descriptorString().replaceAll("^L|;$", "");
        return name.equals(owner) || name.equals(owner + "." + handle.methodName());
    }
}
