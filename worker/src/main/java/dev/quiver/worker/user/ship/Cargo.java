package dev.quiver.worker.user.ship;

import dev.quiver.worker.user.Companions;
import dev.quiver.worker.user.LambdaShape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one payload needs: the classes that its objects and lambdas reach, and the variables that
/// their code reads, which are written behind it.
final class Cargo implements Companions {
    private final List<Reach> reaches = new ArrayList<>(1);
    private final Set<NotebookVariable> names = new LinkedHashSet<>();
    private final Queue<Reach.Variable> unwritten = new ArrayDeque<>();
    private final Set<Class<?>> types = new LinkedHashSet<>(2);

    /// In the order in which their variables are written.
    List<Reach> reaches() {
        return reaches;
    }

    /// The classes whose loaders the other side must stand in for.
    Set<Class<?>> types() {
        return types;
    }

    @Override
    public void met(Class<?> type) {
        if (type.getClassLoader() == null) return;
        types.add(type);
        add(Reach.of(type));
    }

    @Override
    public void met(LambdaShape lambda) {
        types.add(lambda.type());
        add(Reach.of(lambda));
    }

    private void add(Reach reach) {
        if (reach.isNothing() || isCovered(reach)) return;
        reaches.add(reach);
        for (Reach.Variable variable : reach.variables()) {
            if (names.add(variable.name())) unwritten.add(variable);
        }
    }

    private boolean isCovered(Reach reach) {
        for (Reach known : reaches) {
            if (known == reach || known.manifest().covers(reach.manifest())) return true;
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
}
