package dev.quiver.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/// Who hears of a pipeline's runs, and what they hear that started them.
record Listening(List<RunObserver> observers, String trigger) {
    private static final String BY_HAND = "by hand";

    Listening {
        observers = List.copyOf(observers);
    }

    /// Those who are services.
    static Listening installed() {
        var observers = new ArrayList<RunObserver>();
        ServiceLoader.load(RunObserver.class, RunObserver.class.getClassLoader())
                .forEach(observers::add);
        return new Listening(observers, BY_HAND);
    }

    Listening with(RunObserver other) {
        var more = new ArrayList<>(observers);
        more.add(other);
        return new Listening(more, trigger);
    }

    Listening with(String other) {
        return new Listening(observers, other);
    }
}
