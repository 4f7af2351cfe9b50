package dev.quiver.worker.user.ship;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.worker.user.UserCode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The worker's end of class shipping for one client session: opens payloads with loaders that
/// define the client's classes. Closed with the session, after which nothing here keeps the
/// loaders. Thread-safe.
///
/// Loaders depend on the bytes of classes alone: a closure that travels a thousand times with
/// another value of a variable is the same class each time.
public final class SessionCode implements AutoCloseable {
    private static final int CLASSES_PER_LOADER_MAX = 4096;
    private static final int CELL_LOADERS_MAX = 8;

    /// A class path, and the loaders of cells above it, the newest first.
    private static final class Tier {
        private final List<BundleHash> elements;
        private final ClassLoader loader;
        private final UserCode userCode;
        private final Deque<CellLoader> cells = new ArrayDeque<>();

        Tier(List<BundleHash> elements, ClassLoader loader) {
            this.elements = new ArrayList<>(elements);
            this.loader = loader;
            this.userCode = new UserCode(loader);
        }
    }

    private final BundleStore store;
    private final ClassLoader worker;
    private final Map<BundleHash, CodeManifest> manifests = new ConcurrentHashMap<>();
    private final Map<Optional<BundleHash>, Tier> tiers = new HashMap<>();
    private final List<ClassPathLoader> classPaths = new ArrayList<>();
    private boolean closed;

    /// @param worker finds the worker's own classes
    public SessionCode(BundleStore store, ClassLoader worker) {
        this.store = store;
        this.worker = worker;
    }

    /// Opens a closure or value, in the thread of a task alone: user code runs. With the inputs
    /// that it will be called with.
    ///
    /// @throws QuiverException when its classes can't be had or its bytes make no sense
    public ShippedTask task(Payload code, List<Payload> inputs) {
        Map<BundleHash, CodeManifest> strict = read(code.manifests());
        var lenient = new LinkedHashMap<BundleHash, CodeManifest>();
        for (Payload input : inputs) lenient.putAll(read(input.manifests()));
        if (strict.isEmpty() && lenient.isEmpty()) {
            Tier tier = tier(code.classPath());
            return ShippedTask.plain(code, inputs, tier.userCode, tier.loader);
        }
        CellLoader loader = loader(code.classPath(), strict, lenient);
        return ShippedTask.withCells(code, inputs, loader, List.copyOf(strict.values()));
    }

    private Map<BundleHash, CodeManifest> read(List<BundleHash> hashes) {
        if (hashes.isEmpty()) return Map.of();
        var all = new LinkedHashMap<BundleHash, CodeManifest>();
        for (BundleHash hash : hashes) {
            CodeManifest manifest = manifests.get(hash);
            if (manifest == null) {
                manifest = parsed(hash, () -> CodeManifest.of(store.bytes(hash)));
                manifests.put(hash, manifest);
            }
            all.put(hash, manifest);
        }
        return all;
    }

    @FunctionalInterface
    private interface Parsing<T> {
        T parse() throws IOException;
    }

    private static <T> T parsed(BundleHash hash, Parsing<T> parsing) {
        try {
            return parsing.parse();
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.FILE_CORRUPT,
                    "a bundle of the client can't be read",
                    List.of("bundle: " + hash, "because: " + e.getMessage()),
                    "use the same version of Quiver on the client and the workers",
                    e);
        }
    }

    private Tier tier(Optional<BundleHash> classPath) {
        synchronized (tiers) {
            checkOpen();
            Tier known = tiers.get(classPath);
            if (known != null) return known;
        }
        List<BundleHash> hashes =
                classPath
                        .map(hash -> parsed(hash, () -> ClassPathListing.of(store.bytes(hash))))
                        .map(ClassPathListing::elements)
                        .orElse(List.of());
        List<byte[]> bytes = store.bytes(hashes);
        var elements = new ArrayList<ClassPathElement>(hashes.size());
        for (int i = 0; i < hashes.size(); i++) {
            byte[] element = bytes.get(i);
            elements.add(parsed(hashes.get(i), () -> ClassPathElement.of(element)));
        }
        synchronized (tiers) {
            checkOpen();
            return tiers.computeIfAbsent(classPath, _ -> grownOrNew(hashes, elements));
        }
    }

    /// A class path that only goes on where a known one ends uses that one's loader, so that the
    /// classes of before stay the same.
    private Tier grownOrNew(List<BundleHash> hashes, List<ClassPathElement> elements) {
        if (hashes.isEmpty()) return new Tier(hashes, worker);
        for (Tier tier : tiers.values()) {
            if (!(tier.loader instanceof ClassPathLoader loader)) continue;
            int shorter = Math.min(tier.elements.size(), hashes.size());
            if (!tier.elements.subList(0, shorter).equals(hashes.subList(0, shorter))) continue;
            loader.append(elements.subList(shorter, elements.size()));
            tier.elements.addAll(hashes.subList(shorter, hashes.size()));
            return tier;
        }
        var loader = new ClassPathLoader(store, worker);
        loader.append(elements);
        classPaths.add(loader);
        return new Tier(hashes, loader);
    }

    /// The loader that defines the classes of all manifests; of those in `lenient` only what
    /// doesn't contradict the others.
    private CellLoader loader(
            Optional<BundleHash> classPath,
            Map<BundleHash, CodeManifest> strict,
            Map<BundleHash, CodeManifest> lenient) {
        Tier tier = tier(classPath);
        synchronized (tier) {
            CellLoader newest = tier.cells.peekFirst();
            if (newest != null
                    && hasAll(newest, strict)
                    && lenient.keySet().stream().allMatch(newest::hasSeen)) return newest;
        }
        Map<BundleHash, byte[]> content = content(strict, lenient);
        synchronized (tier) {
            CellLoader loader = agreeing(tier, strict);
            strict.forEach((hash, manifest) -> loader.admit(hash, manifest, content));
            lenient.forEach((hash, manifest) -> loader.admit(hash, manifest, content));
            return loader;
        }
    }

    private static boolean hasAll(CellLoader loader, Map<BundleHash, CodeManifest> manifests) {
        for (BundleHash hash : manifests.keySet()) {
            if (!loader.hasAdmitted(hash)) return false;
        }
        return true;
    }

    private static CellLoader agreeing(Tier tier, Map<BundleHash, CodeManifest> strict) {
        for (CellLoader loader : tier.cells) {
            boolean full = loader.classCount() >= CLASSES_PER_LOADER_MAX;
            if (full && !hasAll(loader, strict)) continue;
            if (strict.values().stream().allMatch(loader::agreesWith)) return loader;
        }
        var loader = new CellLoader(tier.loader);
        tier.cells.addFirst(loader);
        if (tier.cells.size() > CELL_LOADERS_MAX) tier.cells.removeLast();
        return loader;
    }

    private Map<BundleHash, byte[]> content(
            Map<BundleHash, CodeManifest> strict, Map<BundleHash, CodeManifest> lenient) {
        var hashes = new ArrayList<BundleHash>();
        strict.values().forEach(manifest -> hashes.addAll(manifest.classes().values()));
        lenient.values().forEach(manifest -> hashes.addAll(manifest.classes().values()));
        List<BundleHash> distinct = hashes.stream().distinct().toList();
        List<byte[]> bytes = store.bytes(distinct);
        var content = new HashMap<BundleHash, byte[]>();
        for (int i = 0; i < distinct.size(); i++) content.put(distinct.get(i), bytes.get(i));
        return content;
    }

    /// How many loaders of cells there are.
    int loaders() {
        synchronized (tiers) {
            return tiers.values().stream().distinct().mapToInt(tier -> tier.cells.size()).sum();
        }
    }

    private void checkOpen() {
        if (closed)
            throw new QuiverException(
                    ErrorCode.UNAVAILABLE,
                    "the session of this task has ended",
                    List.of(),
                    "connect again");
    }

    /// Lets go of all loaders. Tasks that still run keep theirs, but can't load further classes.
    @Override
    public void close() {
        synchronized (tiers) {
            closed = true;
            tiers.clear();
            manifests.clear();
            for (ClassPathLoader loader : classPaths) close(loader);
            classPaths.clear();
        }
    }

    private static void close(ClassPathLoader loader) {
        try {
            loader.close();
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "a jar of the session can't be closed",
                    List.of("because: " + e.getMessage()),
                    "check the worker's folder for bundles",
                    e);
        }
    }
}
