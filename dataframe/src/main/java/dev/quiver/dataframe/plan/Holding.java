package dev.quiver.dataframe.plan;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// That a session holds chunks for whoever reads them: the one object that is shared by all plans,
/// and so all frames and running queries, that do. When it can't be reached any more nobody can
/// read them, and the session may let them go.
public final class Holding {
    private final String id;

    /// What must stay as long as the chunks are read.
    @SuppressWarnings("unused") // it is there to be reached
    private final @Nullable Object owner;

    /// @param id under which the session knows the chunks
    public Holding(String id) {
        this.id = Objects.requireNonNull(id, "id");
        this.owner = null;
    }

    /// @param owner whose the chunks are: it can be reached as long as this can
    public Holding(String id, Object owner) {
        this.id = Objects.requireNonNull(id, "id");
        this.owner = owner;
    }

    public String id() {
        return id;
    }

    /// Two of one id mean the same chunks.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Holding holding && holding.id.equals(id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return id;
    }
}
