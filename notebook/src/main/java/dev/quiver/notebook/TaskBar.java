package dev.quiver.notebook;

import dev.quiver.dataframe.chart.Markup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Tasks as a bar: those that have ended, have failed, and run, of all.
record TaskBar(int done, int failed, int running, int total) {
    static final String STYLE =
            """
            <style>
            .quiver-run { display: grid; grid-template-columns: max-content minmax(8em, 20em) max-content; gap: 0.15em 0.8em; align-items: center; font-variant-numeric: tabular-nums; }
            .quiver-run .name { max-width: 28em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
            .quiver-run .bar { display: flex; height: 0.7em; border-radius: 0.35em; overflow: hidden; background: #8883; }
            .quiver-run .done { background: #0072b2; } .quiver-run .running { background: #56b4e9; } .quiver-run .failed { background: #d55e00; }
            .quiver-run .figures, .quiver-run .about { font-size: 0.85em; color: var(--jp-ui-font-color2, #767676); }
            .quiver-run .about { grid-column: 1 / -1; }
            .quiver-done > summary { cursor: pointer; font-size: 0.85em; font-variant-numeric: tabular-nums; color: var(--jp-ui-font-color2, #767676); }
            </style>
            """;
    private static final int CHARACTERS = 20;

    /// Such as `3 of 8, 2 running`.
    String figures() {
        List<String> parts = new ArrayList<>();
        parts.add("%,d of %,d".formatted(done, total));
        if (running > 0) parts.add("%,d running".formatted(running));
        if (failed > 0) parts.add("%,d failed".formatted(failed));
        return String.join(", ", parts);
    }

    /// Three cells of a grid.
    String html(String name, String figures) {
        return """
        <span class="name" title="%s">%s</span><span class="bar" role="img" aria-label="%s">%s%s%s</span><span class="figures">%s</span>
        """
                .formatted(
                        Markup.text(name),
                        Markup.text(name),
                        Markup.text(figures),
                        part("done", done),
                        part("failed", failed),
                        part("running", running),
                        Markup.text(figures));
    }

    private String part(String kind, int count) {
        if (count == 0 || total == 0) return "";
        return String.format(
                Locale.ROOT,
                "<span class=\"%s\" style=\"width: %.1f%%\"></span>",
                kind,
                100.0 * count / total);
    }

    /// For front ends that show text alone.
    String text() {
        int full = total == 0 ? CHARACTERS : (int) ((long) CHARACTERS * done / total);
        return "[%s%s]".formatted("#".repeat(full), ".".repeat(CHARACTERS - full));
    }
}
