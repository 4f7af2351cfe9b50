package dev.quiver.pipeline.serve;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// That a pipeline is to run.
///
/// @param due when
/// @param trigger why, for people
/// @param endedBefore the number of the pipeline's last run that had ended when this one began; -1
///   as long as it hasn't
record Firing(Instant due, String trigger, long endedBefore) {
    Firing(Instant due, String trigger) {
        this(due, trigger, -1);
    }

    boolean hasBegun() {
        return endedBefore >= 0;
    }

    Firing begun(long last) {
        return new Firing(due, trigger, last);
    }

    Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("due", due);
        object.put("trigger", trigger);
        object.put("endedBefore", endedBefore);
        return object;
    }

    static Firing of(Map<?, ?> object) {
        long before = object.get("endedBefore") instanceof Number number ? number.longValue() : -1;
        return new Firing(
                Instant.parse(String.valueOf(object.get("due"))),
                String.valueOf(object.get("trigger")),
                before);
    }
}
