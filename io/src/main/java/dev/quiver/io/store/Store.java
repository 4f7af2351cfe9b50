package dev.quiver.io.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// A place for files that is reached by requests, such as web servers or S3. Found by
/// [java.util.ServiceLoader]; for many threads.
///
/// Methods do one request, without trying again: that is done in one place for all stores. They
/// throw [StoreFailure] where it is known what went wrong, and any other [IOException] means that
/// it may go well later.
public interface Store extends AutoCloseable {
    /// The schemes of its addresses, such as `s3`.
    List<String> schemes();

    /// Begins to read bytes `[from, to)` of a file, of which there may be fewer.
    ///
    /// @param version the file must still have, as an earlier reply said; empty for any
    /// @return the caller closes its body
    Reply read(String url, long from, long to, String version)
            throws IOException, InterruptedException;

    /// The addresses of all files whose address begins with `prefix`, sorted.
    ///
    /// @throws StoreFailure (REFUSED) by stores that can't list
    List<String> list(String prefix) throws IOException, InterruptedException;

    /// Whether there is a file of this address.
    boolean exists(String url) throws IOException, InterruptedException;

    /// Whether it takes files.
    boolean isWritable();

    /// Begins to send files, none of which anybody sees before [Upload#complete].
    ///
    /// @param files by address, each of which is there as long as the upload is open
    Upload upload(SortedMap<String, Path> files) throws IOException, InterruptedException;

    /// Removes a file; one that isn't there is no error.
    void delete(String url) throws IOException, InterruptedException;

    /// Puts a small file in one request.
    ///
    /// @param onlyNew whether it is an error (EXISTS) when there is one already
    void put(String url, byte[] content, boolean onlyNew) throws IOException, InterruptedException;

    /// Makes a file that is the same as another of this store, which it does by itself.
    void copy(String from, String to) throws IOException, InterruptedException;

    /// Lets go of connections.
    @Override
    void close();

    /// The store of a module that is there.
    static Optional<Store> find(String scheme) {
        for (Store store : java.util.ServiceLoader.load(Store.class))
            if (store.schemes().contains(scheme)) return Optional.of(store);
        return Optional.empty();
    }
}
