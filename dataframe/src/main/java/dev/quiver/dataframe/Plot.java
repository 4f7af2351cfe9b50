package dev.quiver.dataframe;

import dev.quiver.dataframe.chart.Chart;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A chart of a frame's values, as [Plots] make it: all that it shows is in it, nothing runs any
/// more. Notebooks show it as a picture, `toString` is the same in block characters, 80 wide.
///
/// @param chart what is drawn
public record Plot(Chart chart) implements RichDisplay {
    /// The same under another title.
    public Plot titled(String title) {
        return new Plot(chart.with(chart.caption().with(title)));
    }

    /// As an SVG element without any script, for pages: letters have the colour of the text around
    /// it.
    public String svg() {
        return chart.svg();
    }

    /// Writes it as an SVG file, dark on white.
    ///
    /// @param file is replaced
    /// @throws QuiverException IO_FAILED when it can't be written
    public void save(Path file) {
        String svg =
                svg().replaceFirst(
                                ">",
                                " color=\"#1a1a1a\"><rect width=\"100%\" height=\"100%\""
                                        + " fill=\"#ffffff\"/>");
        try {
            Files.writeString(file, svg);
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "can't write the plot to '%s'".formatted(file),
                    List.of("cause: " + e),
                    "name a file in a folder that is there and may be written",
                    e);
        }
    }

    @Override
    public Map<String, String> mimeBundle() {
        var bundle = new LinkedHashMap<String, String>();
        // As HTML, for front ends that put SVG into an image, where it doesn't know the theme.
        bundle.put("text/html", "<div>" + svg() + "</div>");
        bundle.put("image/svg+xml", svg());
        bundle.put("text/plain", toString());
        return bundle;
    }

    @Override
    public String toString() {
        return chart.text();
    }
}
