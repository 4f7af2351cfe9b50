package dev.quiver.worker.user.ship;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A class that was made in memory (a cell of a notebook, a snippet of JShell, a source file that
/// the launcher compiled), taken apart. Kept as long as the class lives.
final class CellClass {
    /// What JShell's own control of snippets reads; it stays as it is.
    private static final String JSHELL_CANCEL = "REPL/$Cancel$";

    private static final ClassValue<Slot> SLOTS =
            new ClassValue<>() {
                @Override
                protected Slot computeValue(Class<?> type) {
                    return new Slot(isMadeInMemory(type));
                }
            };

    private static final class Slot {
        private final boolean inMemory;
        private volatile @Nullable CellClass content;

        Slot(boolean inMemory) {
            this.inMemory = inMemory;
        }
    }

    private final Class<?> type;
    private final String name;
    private final byte[] original;
    private final Set<String> references = new TreeSet<>();
    private final List<String> supertypes = new ArrayList<>();
    private final Set<String> variables = new LinkedHashSet<>();
    private final Set<String> fields = new LinkedHashSet<>();
    private final Map<String, CellMethod> methods = new LinkedHashMap<>();
    private byte @Nullable [] shipped;
    private @Nullable BundleHash hash;

    private CellClass(Class<?> type, byte[] original) {
        this.type = type;
        this.original = original;
        ClassModel model = ClassFile.of().parse(original);
        this.name = model.thisClass().asInternalName();
        model.superclass().ifPresent(c -> supertypes.add(c.asInternalName()));
        model.interfaces().forEach(c -> supertypes.add(c.asInternalName()));
        for (PoolEntry entry : model.constantPool()) addReferences(entry);
        model.fields()
                .forEach(field -> {
                    int flags = field.flags().flagsMask();
                    if ((flags & ClassFile.ACC_STATIC) == 0) return;
                    fields.add(field.fieldName().stringValue());
                    boolean fixed = (flags & (ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)) != 0;
                    if (!fixed && !name.equals(JSHELL_CANCEL))
                        variables.add(field.fieldName().stringValue());
                });
        model.methods()
                .forEach(model1 -> {
                    CellMethod method = CellMethod.of(model1);
                    methods.put(method.name() + method.descriptor(), method);
                });
    }

    /// The class taken apart, if it was made in memory.
    ///
    /// @throws QuiverException when it was, but nobody knows its bytes
    static Optional<CellClass> of(Class<?> type) {
        Slot slot = SLOTS.get(type);
        if (!slot.inMemory) return Optional.empty();
        CellClass known = slot.content;
        if (known != null && known.isCurrent()) return Optional.of(known);
        byte[] bytes = ClassBytes.of(type).orElseThrow(() -> unknown(type));
        var content = new CellClass(type, bytes);
        slot.content = content;
        return Optional.of(content);
    }

    /// Whether the class still has these bytes: a debugger may have put others in their place, and
    /// so does JShell when a method is written again in its usual mode.
    boolean isCurrent() {
        return !Redefinition.POSSIBLE
                || ClassBytes.of(type).map(now -> Arrays.equals(now, original)).orElse(true);
    }

    private static final class Redefinition {
        static final boolean POSSIBLE =
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .anyMatch(a -> a.contains("jdwp") || a.startsWith("-javaagent"));
    }

    private static QuiverException unknown(Class<?> type) {
        return new QuiverException(
                ErrorCode.NOT_SERIALIZABLE,
                "class %s can't travel: it was made in memory, and its bytes are not to be found"
                        .formatted(type.getName()),
                List.of("loader: " + type.getClassLoader()),
                "put the class into a jar or directory of the class path");
    }

    private static boolean isMadeInMemory(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        if (loader == null || loader == ClassLoader.getPlatformClassLoader()) return false;
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        if (location == null) return true;
        if (location.getProtocol().equals("jrt")) return false;
        return file(location).filter(f -> !f.toString().endsWith(".java")).isEmpty();
    }

    /// The jar or directory at a location; empty when there is none.
    static Optional<Path> file(URL location) {
        if (!location.getProtocol().equals("file")) return Optional.empty();
        try {
            return Optional.of(Path.of(location.toURI())).filter(Files::exists);
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            return Optional.empty();
        }
    }

    /// Where a class that wasn't made in memory was read from.
    static Optional<Path> file(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) return Optional.empty();
        return file(source.getLocation());
    }

    private void addReferences(PoolEntry entry) {
        switch (entry) {
            case ClassEntry c when !c.asInternalName().startsWith("[") ->
                    references.add(c.asInternalName());
            case ClassEntry c -> addDescriptor(c.asInternalName());
            case Utf8Entry text -> addDescriptor(text.stringValue());
            default -> {}
        }
    }

    /// The class names of a descriptor or signature; from a text that only looks like one, names
    /// that no class has.
    private void addDescriptor(String text) {
        int end = text.indexOf(';');
        while (end > 0) {
            int start = text.lastIndexOf('L', end);
            int from = 0;
            for (int i = end - 1; i >= 0 && isNamePart(text.charAt(i)); i--) from = i;
            // an L may be in the name itself: all starts are tried
            while (start >= from && start >= 0 && end - start > 1) {
                references.add(text.substring(start + 1, end));
                start = text.lastIndexOf('L', start - 1);
            }
            end = text.indexOf(';', end + 1);
        }
    }

    private static boolean isNamePart(char c) {
        return Character.isJavaIdentifierPart(c) || c == '/';
    }

    Class<?> type() {
        return type;
    }

    /// With slashes.
    String name() {
        return name;
    }

    List<String> supertypes() {
        return supertypes;
    }

    Iterable<CellMethod> methods() {
        return methods.values();
    }

    Optional<CellMethod> method(String name, String descriptor) {
        return Optional.ofNullable(methods.get(name + descriptor));
    }

    /// Those of the named class's neighbours that were made in memory too.
    List<CellClass> neighbours() {
        var found = new ArrayList<CellClass>();
        for (String reference : references) neighbour(reference).ifPresent(found::add);
        return found;
    }

    /// A class by the name that this one uses, if it was made in memory.
    Optional<CellClass> neighbour(String internalName) {
        if (internalName.equals(name)) return Optional.of(this);
        if (internalName.startsWith("java/") || internalName.startsWith("["))
            return Optional.empty();
        try {
            return of(Class.forName(internalName.replace('/', '.'), false, type.getClassLoader()));
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.empty(); // a name that only looks like one, or is missing here too
        }
    }

    /// The class, this one or a supertype, that declares the static field which the code calls a
    /// field of this class; if that field is a variable.
    Optional<CellClass> declaring(String field) {
        if (fields.contains(field))
            return variables.contains(field) ? Optional.of(this) : Optional.empty();
        for (String supertype : supertypes) {
            Optional<CellClass> found = neighbour(supertype).flatMap(c -> c.declaring(field));
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    /// The variable behind a static field that this class's code uses; empty when it is none.
    Optional<NotebookVariable> variable(String owner, String field, boolean inInitializer) {
        Optional<CellClass> declaring = neighbour(owner).flatMap(c -> c.declaring(field));
        if (inInitializer) declaring = declaring.filter(c -> c != this && !c.name.equals(name));
        return declaring.map(c -> new NotebookVariable(c.name, field));
    }

    /// The bytes that travel: reads of variables go to the running task.
    synchronized byte[] shipped() {
        byte[] bytes = shipped;
        if (bytes == null) {
            bytes = VariableRewrite.rewritten(this, original);
            shipped = bytes;
        }
        return bytes;
    }

    synchronized BundleHash hash() {
        BundleHash name = hash;
        if (name == null) {
            name = BundleHash.of(shipped());
            hash = name;
        }
        return name;
    }
}
