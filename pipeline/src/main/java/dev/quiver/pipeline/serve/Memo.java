package dev.quiver.pipeline.serve;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a server remembers of a pipeline, whatever happens to it.
///
/// @param last the last firing that was acted on or left out
/// @param waiting what is to run, the first one maybe running
/// @param held whether the first one failed and waits for the next firing
/// @param seen the files that were there when files came last, and what told them apart
/// @param heard which pipelines that it runs after have ended since it ran
/// @param done when a run of it ended well
/// @param failed whether the last run did
record Memo(
        Optional<Instant> last,
        List<Firing> waiting,
        boolean held,
        SortedMap<String, String> seen,
        Set<String> heard,
        Optional<Instant> done,
        boolean failed) {
    static final Memo NONE =
            new Memo(
                    Optional.empty(),
                    List.of(),
                    false,
                    new TreeMap<>(),
                    Set.of(),
                    Optional.empty(),
                    false);

    Memo {
        waiting = List.copyOf(waiting);
        seen = new TreeMap<>(seen);
        heard = new TreeSet<>(heard);
    }

    Memo withLast(Instant firing) {
        return new Memo(Optional.of(firing), waiting, held, seen, heard, done, failed);
    }

    Memo withWaiting(List<Firing> firings, boolean isHeld) {
        return new Memo(last, firings, isHeld, seen, heard, done, failed);
    }

    Memo with(Firing another) {
        var more = new ArrayList<>(waiting);
        more.add(another);
        return withWaiting(more, false);
    }

    Memo withSeen(SortedMap<String, String> files) {
        return new Memo(last, waiting, held, files, heard, done, failed);
    }

    Memo withHeard(Set<String> pipelines) {
        return new Memo(last, waiting, held, seen, pipelines, done, failed);
    }

    Memo withOutcome(Optional<Instant> lastDone, boolean isFailed) {
        return new Memo(last, waiting, held, seen, heard, lastDone, isFailed);
    }

    Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        last.ifPresent(at -> object.put("last", at));
        object.put("waiting", waiting.stream().map(Firing::object).toList());
        object.put("held", held);
        object.put("seen", seen);
        object.put("heard", List.copyOf(heard));
        done.ifPresent(at -> object.put("done", at));
        object.put("failed", failed);
        return object;
    }

    static Memo of(Map<String, Object> object) {
        var waiting = new ArrayList<Firing>();
        if (object.get("waiting") instanceof List<?> list)
            for (Object one : list) if (one instanceof Map<?, ?> map) waiting.add(Firing.of(map));
        SortedMap<String, String> seen = new TreeMap<>();
        if (object.get("seen") instanceof Map<?, ?> map)
            map.forEach((file, version) -> seen.put(file.toString(), version.toString()));
        Set<String> heard = new TreeSet<>();
        if (object.get("heard") instanceof List<?> list)
            for (Object one : list) heard.add(one.toString());
        return new Memo(
                instant(object, "last"),
                waiting,
                Boolean.TRUE.equals(object.get("held")),
                seen,
                heard,
                instant(object, "done"),
                Boolean.TRUE.equals(object.get("failed")));
    }

    private static Optional<Instant> instant(Map<String, Object> object, String name) {
        return Optional.ofNullable(object.get(name)).map(at -> Instant.parse(at.toString()));
    }
}
