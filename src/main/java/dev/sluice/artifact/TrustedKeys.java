package dev.sluice.artifact;

import static dev.sluice.artifact.ArtifactException.untrusted;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whose signatures are believed: what one of these keys signed as just this version of just this
 * model is let in, and nothing else.
 *
 * <p>Several keys make a rotation: both are trusted while models are signed anew, then the old one
 * is taken away, and with it everything that only it vouched for.
 *
 * <p>What this protects: no weights come into force that no trusted key signed, whoever may write
 * to the weights topic or to the folder of an artifact. What it does not: <em>which</em> of the
 * signed versions is in force, and from when, is in the timeline, which is not signed. Whoever may
 * write to the topic can put any version in force that a trusted key ever signed, remove versions,
 * or bring everything to a stand. So the topic's access rights matter with signatures too; a
 * version that must never come back is made worthless by taking its key away; and a key should not
 * serve two environments in which a model of one id means different things.
 */
public final class TrustedKeys {

  private final SortedMap<String, VerifyingKey> byId = new TreeMap<>();

  private TrustedKeys(Collection<VerifyingKey> keys) {
    for (VerifyingKey key : keys) {
      if (byId.put(key.id(), key) != null) {
        throw new IllegalArgumentException(key + " is given twice. Keep one of the two");
      }
    }
    if (byId.isEmpty()) {
      throw new IllegalArgumentException("no key is given. Give at least one");
    }
  }

  /**
   * Trusts some keys.
   *
   * @throws IllegalArgumentException if there is none, or one is there twice
   */
  public static TrustedKeys of(Collection<VerifyingKey> keys) {
    return new TrustedKeys(keys);
  }

  /** Returns the ids of the keys, ascending. */
  public Set<String> ids() {
    return Set.copyOf(byId.keySet());
  }

  /**
   * Lets an artifact in or refuses it.
   *
   * @param where it is, for the message
   * @param claim what it is used as
   * @param signature what it came with
   * @return the key that vouches for it
   * @throws ArtifactException with the fault {@code UNTRUSTED} if none does
   */
  public VerifyingKey require(String where, Claim claim, Optional<ModelSignature> signature) {
    ModelSignature given =
        signature.orElseThrow(
            () ->
                untrusted(
                    where,
                    "it is not signed, and only what " + names() + " signed is trusted",
                    "Publish it again with --sign-with, or sign its file with sluice models sign"));
    VerifyingKey key = byId.get(given.keyId());
    if (key == null) {
      throw untrusted(
          where,
          "it is signed by key "
              + given.keyId()
              + ", and only what "
              + names()
              + " signed is"
              + " trusted",
          "Sign it with a trusted key, or add the public key to weights.keys");
    }
    if (!key.verifies(claim, given)) {
      throw untrusted(
          where,
          "its signature by key "
              + given.keyId()
              + " does not match: it was made for other weights, another version or another model",
          "Do not use it; find out who put it there, and sign and publish the right one again");
    }
    return key;
  }

  private String names() {
    return (byId.size() == 1 ? "key " : "one of the keys ") + String.join(", ", byId.keySet());
  }

  @Override
  public String toString() {
    return names();
  }
}
