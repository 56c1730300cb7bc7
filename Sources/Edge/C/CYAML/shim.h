// libyaml (Debian: libyaml-dev), linked statically.
#include <yaml.h>
