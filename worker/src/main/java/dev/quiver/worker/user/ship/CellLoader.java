package dev.quiver.worker.user.ship;

import dev.quiver.worker.user.UserCode;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Defines the classes that a client made in memory. There is one for all cells of a notebook, so
/// that a record of one cell is the same class in the next: each cell adds its classes. Only when a
/// class comes again with other bytes under its name does another loader begin.
final class CellLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final Map<String, BundleHash> hashes = new ConcurrentHashMap<>();
    private final Map<String, byte[]> bytes = new ConcurrentHashMap<>();
    private final Map<String, BundleHash> manifestByClass = new ConcurrentHashMap<>();
    private final Map<BundleHash, CodeManifest> admitted = new ConcurrentHashMap<>();
    private final Map<BundleHash, CodeManifest> contradicted = new ConcurrentHashMap<>();
    private final Map<NotebookVariable, TaskVariables.Slot> slots = new ConcurrentHashMap<>();
    private final UserCode userCode;

    CellLoader(ClassLoader parent) {
        super("quiver-cells", parent);
        this.userCode = new UserCode(this);
    }

    UserCode userCode() {
        return userCode;
    }

    int classCount() {
        return hashes.size();
    }

    /// Whether the manifest's classes were looked at, be it that another version of one stayed.
    boolean hasSeen(BundleHash manifest) {
        return admitted.containsKey(manifest) || contradicted.containsKey(manifest);
    }

    boolean hasAdmitted(BundleHash manifest) {
        return admitted.containsKey(manifest);
    }

    /// Whether no class of the manifest is here with other bytes.
    boolean agreesWith(CodeManifest manifest) {
        for (var entry : manifest.classes().entrySet()) {
            BundleHash here = hashes.get(entry.getKey());
            if (here != null && !here.equals(entry.getValue())) return false;
        }
        return true;
    }

    /// Takes in the classes of a manifest that aren't here; those that are here stay.
    ///
    /// @param content the bytes of each class by its hash
    synchronized void admit(
            BundleHash name, CodeManifest manifest, Map<BundleHash, byte[]> content) {
        boolean agrees = agreesWith(manifest);
        for (var entry : manifest.classes().entrySet()) {
            if (hashes.containsKey(entry.getKey())) continue;
            bytes.put(
                    entry.getKey(),
                    Objects.requireNonNull(
                            content.get(entry.getValue()), "a class that was not fetched"));
            hashes.put(entry.getKey(), entry.getValue());
            manifestByClass.put(entry.getKey(), name);
        }
        (agrees ? admitted : contradicted).put(name, manifest);
    }

    /// A manifest that has the class.
    ///
    /// @param first those to look at before others
    Optional<BundleHash> manifestWith(String className, List<BundleHash> first) {
        for (BundleHash name : first) {
            CodeManifest manifest = admitted.get(name);
            if (manifest != null && manifest.classes().containsKey(className))
                return Optional.of(name);
        }
        return Optional.ofNullable(manifestByClass.get(className));
    }

    CodeManifest manifest(BundleHash name) {
        CodeManifest found = admitted.getOrDefault(name, contradicted.get(name));
        return Objects.requireNonNull(found, "a manifest that was never admitted");
    }

    synchronized TaskVariables.Slot slot(NotebookVariable variable) {
        return slots.computeIfAbsent(
                variable, name -> new TaskVariables.Slot(this, slots.size(), name));
    }

    int slotCount() {
        return slots.size();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!hashes.containsKey(name)) return super.loadClass(name, resolve);
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) return known;
            byte[] content = bytes.get(name);
            if (content == null) throw new ClassNotFoundException(name);
            return defineClass(name, content, 0, content.length);
        }
    }

    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        byte[] content =
                name.endsWith(".class")
                        ? bytes.get(
                                name.substring(0, name.length() - ".class".length())
                                        .replace('/', '.'))
                        : null;
        return content == null
                ? super.getResourceAsStream(name)
                : new ByteArrayInputStream(content);
    }
}
