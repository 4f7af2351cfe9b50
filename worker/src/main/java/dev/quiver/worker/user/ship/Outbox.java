package dev.quiver.worker.user.ship;

import dev.quiver.worker.user.Companions;
import dev.quiver.worker.user.UserCode;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        List<BundleHash> manifests = new ArrayList<>(cargo.reaches().size());
        for (Reach reach : cargo.reaches()) {
            hold(reach);
            manifests.add(reach.hash());
        }
        return Payload.of(classPath.listing(cargo.types()), manifests, !manifests.isEmpty(), body);
    }

    /// Packs what a function is called with that was packed before, to be read with what that
    /// brings along.
    ///
    /// @return empty when it needs classes that were made in memory, or that came to the class path
    ///   later
    public Optional<Payload> packArgument(@Nullable Object argument, Payload function) {
        var cargo = new Cargo();
        byte[] body = writing.pack(argument, Payload.ARGUMENT, cargo);
        boolean isCovered =
                cargo.reaches().isEmpty()
                        && classPath.listing(cargo.types()).equals(function.classPath());
        return isCovered ? Optional.of(Payload.argument(body)) : Optional.empty();
    }

    /// Reads the class path ahead of the first closure, which takes a moment when it is long.
    public void readClassPath() {
        classPath.listing(Set.of());
    }

    /// Writes the variables of a notebook that the code of a value reads behind the value, so that
    /// one that can't travel is told: for sessions that stay in their JVM but are as strict.
    public static Companions variables() {
        return new Cargo();
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
}
