package dev.holdfast.session.http.wechat;

/** What WeChat made of a mini-program's code: a {@link WeChatUser} or a {@link WeChatProblem}. */
public sealed interface WeChatAnswer permits WeChatUser, WeChatProblem {}
