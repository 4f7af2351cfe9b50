package dev.quiver.client;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A closure or a value as the bytes that travel. Not for users.
public final class Packed {
    private final Packing packing;
    private final byte[] bytes;

    /// What was made of the bytes for several tasks.
    private volatile @Nullable Shared shared;

    /// @param loader finds the value's classes
    private record Shared(WeakReference<ClassLoader> loader, @Nullable Object value) {}

    private Packed(Packing packing, byte[] bytes) {
        this.packing = packing;
        this.bytes = bytes;
    }

    static Packed closure(Packing packing, Object code, @Nullable Object argument) {
        if (argument == null) return new Packed(packing, packing.packCode(code, "the closure"));
        var both = new Object[] {code, argument};
        return new Packed(packing, packing.packCode(both, "the closure and its argument"));
    }

    /// A value.
    ///
    /// @param role what an error calls it
    static Packed value(Packing packing, @Nullable Object value, String role) {
        return new Packed(packing, packing.pack(value, role));
    }

    /// What has come from somewhere else.
    ///
    /// @param bytes as [#bytes] gave them; taken over
    public static Packed of(Packing packing, byte[] bytes) {
        return new Packed(packing, bytes);
    }

    Packing packing() {
        return packing;
    }

    /// The bytes themselves; not to be changed.
    public byte[] bytes() {
        return bytes;
    }

    /// Calls a copy of the closure and packs what it returns.
    Object call(List<Object> inputs) throws Exception {
        return new Packed(packing, packing.pack(invoke(inputs), "the result of the task"));
    }

    /// Calls a copy of the closure.
    @Nullable Object invoke(List<Object> inputs) throws Exception {
        Object code = open();
        Object argument = null;
        if (code instanceof Object[] both) {
            code = both[0];
            argument = both[1];
        }
        if (code == null) throw new IllegalStateException("an empty closure");
        return TaskFuture.invoke(code, argument, inputs);
    }

    /// Whether a result is packed.
    static boolean isIn(Object held) {
        return unwrapped(held) instanceof Packed;
    }

    private static Object unwrapped(Object held) {
        return held instanceof ResultMemory.Counted(var inside) ? inside : held;
    }

    /// A list of what the inputs hold, packed itself: who changes it changes his own.
    static Packed list(List<Object> inputs) {
        if (!(unwrapped(inputs.getFirst()) instanceof Packed first))
            throw new IllegalArgumentException("not packed");
        Packing packing = first.packing;
        var values = new ArrayList<@Nullable Object>();
        for (Object input : inputs) values.add(TaskFuture.opened(input));
        return new Packed(packing, packing.pack(values, "the gathered results"));
    }

    /// A fresh copy.
    public @Nullable Object open() {
        return packing.unpack(bytes);
    }

    /// One object for all who ask with the same loader.
    @Nullable Object shared(ClassLoader loader, Supplier<@Nullable Object> opening) {
        Shared known = shared;
        if (known != null && known.loader.refersTo(loader)) return known.value;
        synchronized (this) {
            known = shared;
            if (known != null && known.loader.refersTo(loader)) return known.value;
            var made = new Shared(new WeakReference<>(loader), opening.get());
            shared = made;
            return made.value;
        }
    }

    long size() {
        return bytes.length;
    }
}
