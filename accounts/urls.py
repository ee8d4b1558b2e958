from django.urls import path

from accounts import views, views_posts

app_name = "accounts"
urlpatterns = [
    path("manage/people/", views.UserListView.as_view(), name="user_list"),
    path("manage/people/invite/", views.UserInviteView.as_view(), name="user_invite"),
    path("manage/people/posts/", views_posts.post_list, name="post_list"),
    path("manage/people/posts/<slug:code>/", views_posts.PostsEditView.as_view(), name="post_edit"),
    path("manage/people/<int:pk>/", views.UserDetailView.as_view(), name="user_detail"),
    path("manage/people/<int:pk>/edit/", views.UserEditView.as_view(), name="user_edit"),
    path("manage/people/<int:pk>/invite/", views.UserReinviteView.as_view(), name="user_reinvite"),
    path("manage/people/<int:pk>/deactivate/", views.UserDeactivateView.as_view(), name="user_deactivate"),
    path("manage/people/<int:pk>/reactivate/", views.UserReactivateView.as_view(), name="user_reactivate"),
    path(
        "manage/people/<int:pk>/memberships/new/",
        views.MembershipCreateView.as_view(),
        name="membership_create",
    ),
    path("manage/memberships/<int:pk>/edit/", views.MembershipEditView.as_view(), name="membership_edit"),
    path("manage/memberships/<int:pk>/end/", views.MembershipEndView.as_view(), name="membership_end"),
    path("manage/lists/delegations/", views.DelegationListView.as_view(), name="delegation_list"),
    path(
        "manage/lists/delegations/<slug:code>/edit/",
        views.DelegationEditView.as_view(),
        name="delegation_edit",
    ),
    path("manage/lists/bodies/<slug:code>/edit/", views.BodyEditView.as_view(), name="body_edit"),
    path("accounts/profile/", views.ProfileView.as_view(), name="profile"),
]
