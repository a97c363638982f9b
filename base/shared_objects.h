// SPDX-License-Identifier: MPL-2.0
// SharedObjects: what calls share beyond their own lifetime (caches, limiters, queues), owned by one object instead of by the
// process. As the services of an Asio execution_context, objects are found by their type.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <typeindex>
#include <utility>

namespace base {

// Safe from many threads.
class SharedObjects {
 public:
  // The object of this type and key. The first request makes it with `make`, which returns a std::shared_ptr<T> and runs under a
  // lock: it must not block on the network or call back. Shared, so that users need not care when this is destroyed.
  template <typename T, typename Make>
  std::shared_ptr<T> Get(const std::string& key, const Make& make) {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<void>& object = objects_[{std::type_index(typeid(T)), key}];
    if (!object) object = make();
    return std::static_pointer_cast<T>(object);
  }
  template <typename T>
  std::shared_ptr<T> Get(const std::string& key = {}) {
    return Get<T>(key, [] { return std::make_shared<T>(); });
  }

 private:
  std::mutex mutex_;
  std::map<std::pair<std::type_index, std::string>, std::shared_ptr<void>> objects_;
};

}  // namespace base
