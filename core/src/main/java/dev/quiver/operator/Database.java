package dev.quiver.operator;

import java.io.Serializable;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How to reach a database. Prints itself without its secrets, and is no record so that nobody
/// prints them part by part.
public final class Database implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final Pattern SECRET =
            Pattern.compile(
                    "(?i)([?&;]\\s*[a-z_]*(?:password|passwd|pwd|secret|token)\\s*=)[^&;]*");
    private static final Pattern USER_INFO = Pattern.compile("(//[^/@:]*:)[^/]*@");

    private final String url;
    private final String user;
    private final String password;

    /// @param url as its driver takes it, such as `jdbc:postgresql://localhost/flights`
    /// @param user empty where the URL says it or none is needed
    /// @param password likewise
    public Database(String url, String user, String password) {
        this.url = url;
        this.user = user;
        this.password = password;
    }

    /// With its secrets: for the driver alone.
    public String url() {
        return url;
    }

    public String user() {
        return user;
    }

    /// For the driver alone.
    public String password() {
        return password;
    }

    /// The kind of database by its URL: `postgresql` for `jdbc:postgresql:…`; empty for what is no
    /// JDBC URL.
    public String kind() {
        if (!url.startsWith("jdbc:")) return "";
        int end = url.indexOf(':', 5);
        return end < 0 ? "" : url.substring(5, end);
    }

    /// Whether it is no server but a file, or memory, of the process that opens it.
    public boolean isOfOneProcess() {
        return kind().equals("duckdb") || kind().equals("sqlite");
    }

    /// A text in which the secrets are stars: what drivers say may hold them.
    public String masked(String text) {
        String masked = text.replace(url, toString());
        if (password.isEmpty()) return masked;
        // Within a word it is chance, and stars there would tell a short one.
        String alone = "(?<![\\p{L}\\p{N}])%s(?![\\p{L}\\p{N}])".formatted(Pattern.quote(password));
        return masked.replaceAll(alone, "***");
    }

    /// The URL with stars for its secrets.
    @Override
    public String toString() {
        String open = SECRET.matcher(url).replaceAll("$1***");
        Matcher info = USER_INFO.matcher(open);
        return info.replaceAll("$1***@");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Database database
                && url.equals(database.url)
                && user.equals(database.user)
                && password.equals(database.password);
    }

    @Override
    public int hashCode() {
        return Objects.hash(url, user);
    }
}
