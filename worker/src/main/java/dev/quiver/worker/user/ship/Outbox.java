package dev.quiver.worker.user.ship;

import dev.quiver.worker.user.Companions;
import dev.quiver.worker.user.LambdaShape;
import dev.quiver.worker.user.UserCode;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// The client's end of class shipping, one for each session: turns closures and values into
/// payloads, and has the bundles that workers ask for. Thread-safe.
///
/// A closure from a notebook or JShell travels with the values that the notebook's variables have
/// when it is packed. Classes of the class path travel as the files they are in; their static
/// fields are initialised on the worker, as in any other JVM.
public final class Outbox {
    private final Bundles bundles = new Bundles();
    private final UserCode writing = new UserCode(null);
    private final Map<ClassLoader, WeakReference<UserCode>> reading = new WeakHashMap<>();
    private final ClientClassPath classPath;

    public Outbox() {
        this.classPath = new ClientClassPath(bundles);
    }

    /// Who answers the workers.
    public BundleSource bundles() {
        return bundles;
    }

    /// Packs a closure or a value.
    ///
    /// @param role what an error calls it, such as `the closure`
    /// @throws dev.quiver.error.QuiverException with the code `NOT_SERIALIZABLE`, naming the
    ///   variable or the class that can't travel
    public Payload pack(@Nullable Object value, String role) {
        var cargo = new Cargo();
        byte[] body = writing.pack(value, role, cargo);
        return Payload.of(
                classPath.listing(cargo.loaders), cargo.manifests(), cargo.hasManifests(), body);
    }

    /// A copy of what a task returned.
    ///
    /// @param loader finds the user's classes: that of the closure's class
    public @Nullable Object open(Payload payload, ClassLoader loader) {
        return reader(loader).unpack(payload.bytes(), payload.from(), 0).getFirst();
    }

    private UserCode reader(ClassLoader loader) {
        synchronized (reading) {
            WeakReference<UserCode> known = reading.get(loader);
            UserCode code = known == null ? null : known.get();
            if (code != null) return code;
            code = new UserCode(loader);
            reading.put(loader, new WeakReference<>(code));
            return code;
        }
    }

    private void hold(Reach reach) {
        if (bundles.holds(reach.hash())) return;
        for (CellClass type : reach.classes()) bundles.add(type.hash(), type.shipped());
        bundles.add(reach.hash(), reach.manifestBytes()); // last: whoever sees it finds the classes
    }

    /// What one payload needs.
    private final class Cargo implements Companions {
        private final List<Reach> reaches = new ArrayList<>(1);
        private final Set<NotebookVariable> names = new LinkedHashSet<>();
        private final Queue<Reach.Variable> unwritten = new ArrayDeque<>();
        private final Set<Class<?>> loaders = new LinkedHashSet<>(2);

        @Override
        public void met(Class<?> type) {
            if (type.getClassLoader() == null) return;
            loaders.add(type);
            add(Reach.of(type));
        }

        @Override
        public void met(LambdaShape lambda) {
            loaders.add(lambda.type());
            add(Reach.of(lambda));
        }

        private void add(Reach reach) {
            if (reach.isNothing() || isCovered(reach)) return;
            hold(reach);
            reaches.add(reach);
            for (Reach.Variable variable : reach.variables()) {
                if (names.add(variable.name())) unwritten.add(variable);
            }
        }

        private boolean isCovered(Reach reach) {
            for (Reach known : reaches) {
                if (known == reach || known.hash().equals(reach.hash())) return true;
                if (known.manifest().covers(reach.manifest())) return true;
            }
            return false;
        }

        @Override
        public @Nullable Companion next() {
            Reach.Variable variable = unwritten.poll();
            return variable == null
                    ? null
                    : new Companion(variable.name().toString(), variable.value());
        }

        boolean hasManifests() {
            return !reaches.isEmpty();
        }

        List<BundleHash> manifests() {
            return reaches.stream().map(Reach::hash).toList();
        }
    }
}
