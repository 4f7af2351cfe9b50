package dev.quiver.io.json;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where the columns of an object's keys are.
final class JsonKeys {
    /// A key that the schema doesn't have.
    static final int UNKNOWN = -2;

    /// A key whose column isn't asked for.
    private static final int UNWANTED = -1;

    private final List<String> known;
    private final String[] names;
    private final Map<String, Integer> indexes = new HashMap<>();

    /// @param known all keys
    /// @param wanted those whose place is asked for: it is that in this list
    JsonKeys(List<String> known, List<String> wanted) {
        this.known = known;
        this.names = wanted.toArray(String[]::new);
        for (String name : known) indexes.put(name, UNWANTED);
        for (int i = 0; i < names.length; i++) indexes.put(names[i], i);
    }

    List<String> known() {
        return known;
    }

    /// The place of a key, [#UNKNOWN], or another negative number when it isn't wanted.
    ///
    /// @param guess the place that is tried first: keys mostly come in one order
    int find(String name, int guess) {
        if (guess < names.length && names[guess].equals(name)) return guess;
        return indexes.getOrDefault(name, UNKNOWN);
    }
}
