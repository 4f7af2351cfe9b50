package dev.quiver.error;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// The name that a person probably meant.
public final class NearestName {
    private NearestName() {}

    /// The candidate with the smallest edit distance to `name` (adjacent swaps count one, case
    /// counts nothing), or empty when the nearest differs in more than a third of its letters.
    public static Optional<String> of(String name, Collection<String> candidates) {
        String wanted = name.toLowerCase(Locale.ROOT);
        String best = "";
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int distance = distance(wanted, candidate.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        int longest = Math.max(name.length(), best.length());
        return bestDistance <= Math.max(1, longest / 3) && !best.isEmpty()
                ? Optional.of(best)
                : Optional.empty();
    }

    /// Optimal string alignment distance (Damerau 1964, Levenshtein 1966).
    static int distance(String a, String b) {
        var rows = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) rows[i][0] = i;
        for (int j = 0; j <= b.length(); j++) rows[0][j] = j;
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int best = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1);
                best = Math.min(best, rows[i - 1][j - 1] + change);
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    best = Math.min(best, rows[i - 2][j - 2] + 1);
                }
                rows[i][j] = best;
            }
        }
        return rows[a.length()][b.length()];
    }
}
