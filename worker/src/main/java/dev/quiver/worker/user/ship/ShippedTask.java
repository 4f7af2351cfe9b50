package dev.quiver.worker.user.ship;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.worker.user.Companions;
import dev.quiver.worker.user.LambdaShape;
import dev.quiver.worker.user.UserCode;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A closure that was opened for one task: copies of it and of its inputs, made of the client's
/// classes, and the notebook's variables as they were when it was packed. Used by the task's
/// thread; the functions of a pipeline, packed together in one array, by all threads that run it.
public final class ShippedTask {
    private final Payload code;
    private final List<Payload> inputs;
    private final UserCode userCode;
    private final ClassLoader loader;
    private final @Nullable CellLoader cells;
    private final @Nullable TaskVariables variables;
    private final @Nullable Object value;

    private ShippedTask(
            Payload code,
            List<Payload> inputs,
            UserCode userCode,
            ClassLoader loader,
            @Nullable CellLoader cells,
            Set<NotebookVariable> names) {
        this.code = code;
        this.inputs = inputs;
        this.userCode = userCode;
        this.loader = loader;
        this.cells = cells;
        this.variables = cells == null ? null : new TaskVariables(cells);
        this.value = inContext(() -> open(names));
    }

    static ShippedTask plain(
            Payload code, List<Payload> inputs, UserCode userCode, ClassLoader loader) {
        return new ShippedTask(code, inputs, userCode, loader, null, Set.of());
    }

    static ShippedTask withCells(
            Payload code, List<Payload> inputs, CellLoader cells, List<CodeManifest> manifests) {
        var names = new LinkedHashSet<NotebookVariable>();
        if (code.withVariables())
            for (CodeManifest manifest : manifests) names.addAll(manifest.variables());
        return new ShippedTask(code, inputs, cells.userCode(), cells, cells, names);
    }

    private @Nullable Object open(Set<NotebookVariable> names) {
        List<@Nullable Object> values = userCode.unpack(code.bytes(), code.from(), names.size());
        int next = 1;
        for (NotebookVariable name : names) {
            if (cells != null && variables != null)
                variables.set(cells.slot(name), values.get(next));
            next++;
        }
        return values.getFirst();
    }

    /// The closure or value.
    public @Nullable Object value() {
        return value;
    }

    /// A copy of an input.
    ///
    /// @param index among those that were given with the closure
    public @Nullable Object input(int index) {
        Payload input = inputs.get(index);
        return inContext(() -> userCode.unpack(input.bytes(), input.from(), 0).getFirst());
    }

    /// A value that came later, such as what a task returned that this one has submitted.
    public @Nullable Object open(Payload payload) {
        return inContext(() -> userCode.unpack(payload.bytes(), payload.from(), 0).getFirst());
    }

    /// Finds the client's classes.
    public ClassLoader loader() {
        return loader;
    }

    /// Calls work of the task's: the client's classes are those of the thread's context, and its
    /// code reads the task's variables.
    public <T extends @Nullable Object> T call(Callable<T> work) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader loaderBefore = thread.getContextClassLoader();
        TaskVariables before = TaskVariables.adopt(variables);
        thread.setContextClassLoader(loader);
        try {
            return work.call();
        } finally {
            thread.setContextClassLoader(loaderBefore);
            TaskVariables.leave(before);
        }
    }

    private <T extends @Nullable Object> T inContext(Callable<T> work) {
        try {
            return call(work);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("user code is read without checked exceptions", e);
        }
    }

    /// Packs what the task returned.
    ///
    /// @param role what an error calls it
    /// @throws QuiverException with the code `NOT_SERIALIZABLE`, naming the class that can't travel
    public Payload pack(@Nullable Object result, String role) {
        var cargo = new Cargo(false);
        byte[] body = inContext(() -> userCode.pack(result, role, cargo));
        return Payload.of(code.classPath(), List.copyOf(cargo.manifests), false, body);
    }

    /// Packs what a function is called with that the task submits itself and packs apart.
    ///
    /// @return empty when it needs classes that were made in memory
    public Optional<Payload> packArgument(@Nullable Object argument) {
        var cargo = new Cargo(false);
        byte[] body = inContext(() -> userCode.pack(argument, Payload.ARGUMENT, cargo));
        return cargo.manifests.isEmpty() ? Optional.of(Payload.argument(body)) : Optional.empty();
    }

    /// Packs a closure that the task submits itself, with the task's values of the variables.
    ///
    /// @throws QuiverException with the code `NOT_SERIALIZABLE`, naming the variable or the class
    ///   that can't travel
    public Payload packClosure(Object closure, String role) {
        var cargo = new Cargo(true);
        byte[] body = inContext(() -> userCode.pack(closure, role, cargo));
        return Payload.of(code.classPath(), List.copyOf(cargo.manifests), true, body);
    }

    /// Finds manifests that the client has for the classes that are written: the task's own ones
    /// where they do.
    private final class Cargo implements Companions {
        private final Set<BundleHash> manifests = new LinkedHashSet<>();
        private final Queue<Companion> values = new ArrayDeque<>();
        private final Set<NotebookVariable> names = new LinkedHashSet<>();
        private final boolean isClosure;

        Cargo(boolean isClosure) {
            this.isClosure = isClosure;
        }

        @Override
        public void met(Class<?> type) {
            if (cells == null || type.getClassLoader() != cells) return;
            add(type.getName());
        }

        @Override
        public void met(LambdaShape lambda) {
            if (cells == null || lambda.type().getClassLoader() != cells) return;
            add(lambda.capturingClass().replace('/', '.'));
        }

        private void add(String className) {
            if (cells == null) return;
            Optional<BundleHash> found = cells.manifestWith(className, code.manifests());
            if (found.isEmpty())
                throw new QuiverException(
                        ErrorCode.NOT_SERIALIZABLE,
                        "class %s can't travel: the client doesn't have it".formatted(className),
                        List.of(),
                        "return an object of a class that the client knows");
            if (!manifests.add(found.get()) || !isClosure) return;
            for (NotebookVariable name : cells.manifest(found.get()).variables()) {
                if (names.add(name)) values.add(companion(name));
            }
        }

        private Companion companion(NotebookVariable name) {
            if (cells == null || variables == null || !variables.has(cells.slot(name)))
                throw new QuiverException(
                        ErrorCode.NOT_SERIALIZABLE,
                        "%s didn't travel with the task, but what it submits reads it"
                                .formatted(name),
                        List.of(),
                        "read it in the task's own closure, too");
            return new Companion(name.toString(), variables.get(cells.slot(name)));
        }

        @Override
        public @Nullable Companion next() {
            return values.poll();
        }
    }
}
