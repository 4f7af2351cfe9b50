package dev.quiver.dataframe;

import java.util.Map;

/// What notebooks show as more than text.
///
/// ```java
/// record Badge(String text) implements RichDisplay {
///     @Override
///     public Map<String, String> mimeBundle() {
///         return Map.of("text/html", "<b>badge</b>", "text/plain", text);
///     }
/// }
/// ```
public interface RichDisplay {
    /// The same content by MIME types, of which a front end shows the richest that it can:
    /// `text/html`, `image/svg+xml`, `image/png` (in base 64). There is always a `text/plain`.
    Map<String, String> mimeBundle();
}
