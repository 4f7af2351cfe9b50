package dev.quiver.worker.user.ship;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The values that the variables of a notebook have for one task: those of the moment when the task
/// was submitted. What the task assigns to a variable it reads back itself; nobody else does.
///
/// Code of a notebook reads them on the thread that runs the task, and in lambdas that the task
/// makes on any thread. Public for the bytecode of rewritten classes only.
public final class TaskVariables {
    /// Names in rewritten bytecode; a worker of the same wire version knows them.
    static final String BOOTSTRAP = "bootstrap";

    static final String READ = "read";
    static final String WRITE = "write";

    private static final Object MISSING = new Object();
    private static final ThreadLocal<@Nullable TaskVariables> CURRENT = new ThreadLocal<>();

    private final CellLoader loader;
    private @Nullable Object[] values;

    TaskVariables(CellLoader loader) {
        this.loader = loader;
        this.values = new Object[loader.slotCount()];
        Arrays.fill(values, MISSING);
    }

    /// The variables of the task that the calling thread runs; null when it runs none.
    public static @Nullable TaskVariables current() {
        return CURRENT.get();
    }

    /// Makes variables those of the calling thread.
    ///
    /// @param variables null changes nothing
    /// @return what they were before; for [#leave]
    public static @Nullable TaskVariables adopt(@Nullable TaskVariables variables) {
        TaskVariables before = CURRENT.get();
        if (variables != null) CURRENT.set(variables);
        return before;
    }

    /// Ends what [#adopt] began.
    public static void leave(@Nullable TaskVariables before) {
        if (before == null) CURRENT.remove();
        else CURRENT.set(before);
    }

    void set(Slot slot, @Nullable Object value) {
        if (slot.index >= values.length) {
            int length = values.length;
            values = Arrays.copyOf(values, loader.slotCount());
            Arrays.fill(values, length, values.length, MISSING);
        }
        values[slot.index] = value;
    }

    boolean has(Slot slot) {
        return slot.index < values.length && values[slot.index] != MISSING;
    }

    @Nullable Object get(Slot slot) {
        return has(slot) ? values[slot.index] : null;
    }

    /// The place of a variable among the values of any task whose classes a loader defines.
    static final class Slot {
        private final CellLoader loader;
        private final int index;
        private final NotebookVariable name;

        Slot(CellLoader loader, int index, NotebookVariable name) {
            this.loader = loader;
            this.index = index;
            this.name = name;
        }

        @Nullable Object read() {
            TaskVariables current = running();
            if (current.has(this)) return current.values[index];
            throw new QuiverException(
                    ErrorCode.NOT_SERIALIZABLE,
                    "%s didn't travel with the task".formatted(name),
                    List.of("because: nothing that the closure calls by name reads it"),
                    "read it in the closure itself");
        }

        void write(@Nullable Object value) {
            running().set(this, value);
        }

        private TaskVariables running() {
            TaskVariables current = CURRENT.get();
            if (current != null && current.loader == loader) return current;
            throw new QuiverException(
                    ErrorCode.NOT_SERIALIZABLE,
                    "%s is used on a thread that runs no task of its notebook".formatted(name),
                    List.of("thread: " + Thread.currentThread().getName()),
                    "copy it into a local variable in the task, and use that in other threads");
        }
    }

    /// Links a use of a variable in rewritten code.
    ///
    /// @param name `read` or `write`
    /// @param owner the class that declares it, with slashes
    /// @throws IllegalArgumentException when the caller's class isn't of a notebook
    public static CallSite bootstrap(
            MethodHandles.Lookup caller, String name, MethodType type, String owner, String field)
            throws ReflectiveOperationException {
        if (!(caller.lookupClass().getClassLoader() instanceof CellLoader loader))
            throw new IllegalArgumentException(
                    "%s is not of a notebook".formatted(caller.lookupClass()));
        Slot slot = loader.slot(new NotebookVariable(owner, field));
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        MethodHandle use =
                name.equals(READ)
                        ? lookup.findVirtual(
                                Slot.class, "read", MethodType.methodType(Object.class))
                        : lookup.findVirtual(
                                Slot.class,
                                "write",
                                MethodType.methodType(void.class, Object.class));
        return new ConstantCallSite(use.bindTo(slot).asType(type));
    }
}
